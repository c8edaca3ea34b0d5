/** The machine service: its parts put together. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Bus } from '../bus/bus.ts';
import type { ServiceHandlers } from '../gateway/handlers.ts';
import type { Refusals } from '../store/refusals.ts';
import type { Store } from '../store/store.ts';
import { accessHandlers } from './access-handlers.ts';
import { forgetKey } from './agent-key.ts';
import { registerHandler } from './agents-handlers.ts';
import { createBackgroundWrites } from './background-writes.ts';
import { commandsHandlers } from './commands/commands-handlers.ts';
import { fixesHandlers } from './community/fixes-handlers.ts';
import { issuesHandlers } from './community/issues-handlers.ts';
import { eventsHandlers } from './events/events-handler.ts';
import { dashboardHandlers } from './dashboard-handlers.ts';
import { createFigures } from './figures.ts';
import { createHeartbeats } from './heartbeats.ts';
import type { AgentProgram } from './install/archive.ts';
import { installHandlers } from './install/install-handlers.ts';
import { machinesHandlers } from './machines-handlers.ts';
import { createPresence } from './presence.ts';
import type { Disk } from './recordings/recording-file.ts';
import { recordingHandler } from './recordings/recording-handler.ts';
import { createRecorder, type Recorder } from './recordings/recorder.ts';
import { sessionsHandlers } from './sessions-handlers.ts';
import type { MachineSettings } from './settings.ts';
import { admit, type Goodbye } from './terminals/admission.ts';
import { createAttendance } from './terminals/attendance.ts';
import { carryConfiguration, configure } from './terminals/configuration.ts';
import { createHubs } from './terminals/hubs.ts';
import { createJoining } from './terminals/joining.ts';
import { terminalHandler } from './terminals/leg1.ts';
import { agentHandler } from './terminals/leg2.ts';
import { createLinks } from './terminals/links.ts';
import { carryOutRevocations } from './terminals/revocation.ts';
import type { UploadFiles } from './uploads/upload-files.ts';
import { uploadsHandlers } from './uploads/uploads-handlers.ts';

export interface MachineServiceParts {
  readonly store: Store;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly bus: Bus;
  readonly log: Logger;
  /** Milliseconds of the wall clock. */
  readonly now: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  readonly newObjectId: () => string;
  readonly newUuid: () => string;
  readonly registry: Registry;
  readonly publicUrl: URL | null;
  readonly files: UploadFiles;
  /** What `/install/…` hands out. */
  readonly agent: AgentProgram;
  /** Where recordings go. */
  readonly recordings: {
    readonly folder: string;
    readonly isOn: boolean;
    readonly disk: Disk;
  };
  readonly settings: MachineSettings;
}
export interface MachineService extends AsyncDisposable {
  /** Rows and files, for who decides how long they are kept. */
  readonly removeRecordings: Recorder['remove'];
  readonly handlers: ServiceHandlers<'machines'>;
}

export function createMachineService(parts: MachineServiceParts): MachineService {
  const { store, bus, log, settings } = parts;
  const ended = new AbortController();
  const { signal } = ended;
  const writes = createBackgroundWrites(log);
  const heartbeats = createHeartbeats({
    ...parts,
    failed: (error) => log.error({ err: error }, 'heartbeats could not be stored'),
  });
  const presence = createPresence(settings, (machine, isOnline) => heartbeats.setOnline(machine, isOnline));
  const links = createLinks();
  const attendance = createAttendance();
  const meter = createFigures({
    registry: parts.registry,
    agents: () => links.size,
    sessions: () => hubs.countSessions(),
    terminals: () => attendance.size,
  });
  const recorder = createRecorder({
    ...parts,
    ...parts.recordings,
    writes,
    granted: (agentId, sessionId, grant) => hubs.find(agentId)?.recorderGranted(sessionId, grant),
  });
  const hubs = createHubs({ ...parts, recorder, records: parts.recordings.isOn, writes, meter });
  const joining = createJoining({
    ...parts,
    hubs,
    links,
    presence,
    heartbeats,
    recorder,
    writes,
    configure: async (machine) => configure({ store, links }, machine),
    unregistered: async (machine) => forgetKey(store.organization(machine.organizationId), machine, bus),
  });
  carryConfiguration({ ...parts, links, writes, signal });
  const { lookAgainAt } = carryOutRevocations({
    ...parts,
    hubs,
    links,
    attendance,
    presence,
    recorder,
    writes,
    signal,
  });

  bus.subscribe(
    'organization.deleted',
    ({ organizationId }) => writes.add(recorder.removeOrganization(organizationId)),
    signal,
  );

  const sessions = sessionsHandlers({ ...parts, live: hubs.live });
  return {
    removeRecordings: async (organizationId, sessionIds) => recorder.remove(organizationId, sessionIds),
    handlers: {
      machines: machinesHandlers(parts),
      access: accessHandlers(parts),
      commands: commandsHandlers({ ...parts, links, lookAgainAt }),
      dashboard: dashboardHandlers(parts),
      community: { ...issuesHandlers(parts), ...fixesHandlers(parts) },
      uploads: uploadsHandlers(parts),
      terminals: {
        ...sessions,
        connect: terminalHandler({ ...parts, hubs, attendance, lookAgainAt }),
        recording: recordingHandler(recorder),
      },
      events: eventsHandlers({ ...parts, live: hubs.live, signal }),
      agents: {
        register: registerHandler(parts),
        connect: agentHandler({
          ...parts,
          admit: async (asked) => admit(asked, parts),
          join: joining.join,
          newNonce: () => randomBytes(24).toString('base64url'),
        }),
      },
      install: installHandlers(parts),
    },
    async [Symbol.asyncDispose]() {
      for (const link of links.all()) link.close(STOPPING);
      ended.abort();
      presence[Symbol.dispose]();
      await heartbeats[Symbol.asyncDispose]();
      await recorder[Symbol.asyncDispose]();
      await writes[Symbol.asyncDispose]();
    },
  };
}

const STOPPING: Goodbye = { type: 'goodbye', reason: 'stopping' };

/** Plays a scenario with the real pure parts of agent, broker and client, and watches over all that must hold. */
import type { AgentLink } from './agent.ts';
import { startAgent, type VirtualAgent } from './agent.ts';
import { createDevice, type Device } from './device.ts';
import { createLink, SILENT_MS } from './link.ts';
import type { VirtualDisk, VirtualFile } from './recorder.ts';
import type { Rule } from './rules.ts';
import type { Incident, Kind, Scenario } from './scenario.ts';
import { type ClientLink, startService, type Stored, type VirtualService } from './service.ts';
import type { Shell } from './shell.ts';
import { baseOf, deviceOf, isTyped } from './typist.ts';
import type { VirtualWindow } from './window.ts';
import { createWorld, type World } from './world.ts';

const MIB = 1024 * 1024;
const QUIET_AFTER_MS = 250_000;
const END_AFTER_MS = 400_000;
/** Nobody attached: the shell may wait for a lost client, but not for minutes. */
const MOST_BLOCKED_MS = 150_000;
/** The disk is full and everybody sees all there is: what may still be stalled is over by then. */
const MOST_FROZEN_MS = 45_000;
/** What is cut must not be called attached for longer. */
const MOST_DECEIVED_MS = 12_000;

export interface Options {
  readonly seed: number;
  readonly without?: readonly Rule[];
  readonly traced?: boolean;
}

/** The parts of one run, for the incidents and the watch. */
interface Play {
  readonly world: World;
  readonly scenario: Scenario;
  readonly agent: VirtualAgent;
  readonly first: Device;
  readonly second: Device;
  readonly devices: readonly Device[];
  readonly stored: Map<string, Stored>;
  readonly disk: VirtualDisk | null;
  service: VirtualService | null;
  /** Nothing is lost any more. */
  healed: boolean;
  /** An admin ended the session. */
  killed: boolean;
  /** How often control went to another client. */
  switches: number;
  lastController: string | null;
  restartService(downMs: number): void;
}

export function simulate(scenario: Scenario, { seed, without = [], traced = false }: Options): World {
  const world = createWorld(seed, { lossy: scenario.lossy, traced });
  const play = setUp(world, scenario, new Set(without));
  for (const incident of scenario.incidents)
    world.at(incident.at, () => {
      world.log(`-- ${incident.kind}`);
      INCIDENTS[incident.kind](play, incident);
    });
  watch(play);
  const faultsEnd = 2000 + scenario.spanMs;
  world.run(faultsEnd);
  world.log('== no more faults');
  heal(play);
  world.run(faultsEnd + QUIET_AFTER_MS);
  takeWhatNobodyHas(play);
  world.run(faultsEnd + END_AFTER_MS);
  judge(play);
  return world;
}

function diskOf({ diskBytesPerMs }: Scenario): VirtualDisk | null {
  if (diskBytesPerMs === null) return null;
  return { bytesPerMs: diskBytesPerMs, isFull: false, hadTrouble: false, files: new Map() };
}

function setUp(world: World, scenario: Scenario, without: ReadonlySet<Rule>): Play {
  const stored = new Map<string, Stored>();
  const disk = diskOf(scenario);
  const replies = new Map<number, number>();
  const shell = (id: string): Shell | null => agent.shell(id) ?? null;
  const attached = (name: string, mode: 'control' | 'view'): void => {
    if (mode === 'view' || play.lastController === name) return;
    play.lastController = name;
    play.switches += 1;
  };
  const newService = (): VirtualService => startService({ world, without, stored, disk, shell, attached });
  const agent = startAgent({
    world,
    without,
    ptyBytesPerMs: scenario.ptyBytesPerMs,
    dial() {
      if (play.service === null) return null;
      const link: AgentLink = createLink(world, scenario.agentLink);
      play.service.acceptAgent(link);
      return link;
    },
    typed(by, bytes) {
      for (const value of bytes) {
        if (isTyped(value)) play.devices[deviceOf(value)]?.typist.taken(value, by.sleptMs);
        else answered(value);
      }
    },
  });
  /** A query is answered by one byte below those that are typed. */
  const answered = (query: number): void => {
    const times = (replies.get(query) ?? 0) + 1;
    replies.set(query, times);
    if (times > 1)
      world.fail('reply-twice', `query ${query} is answered ${times} times: the last types garbage into the shell`);
  };
  const device = (index: number): Device =>
    createDevice({
      world,
      name: index === 0 ? 'A' : 'B',
      without,
      base: baseOf(index),
      drawBytesPerMs: scenario.drawBytesPerMs,
      dial() {
        const quality = scenario.clientLinks[index];
        if (play.service === null || quality === undefined) return null;
        const link: ClientLink = createLink(world, play.healed ? { ...quality, loss: 0 } : quality);
        play.service.acceptClient(link, index === 0 ? 'A' : 'B');
        return link;
      },
      shell,
      found: () => (index === 1 ? play.first.session : null),
      opened: () => {},
      answered: (query) => String.fromCodePoint(query),
    });
  const first = device(0);
  const second = device(1);
  const play: Play = {
    world,
    scenario,
    agent,
    first,
    second,
    devices: [first, second],
    stored,
    disk,
    service: newService(),
    killed: false,
    healed: false,
    switches: 0,
    lastController: null,
    restartService(downMs) {
      if (play.service === null) return;
      world.log('the service dies');
      play.service.die();
      play.service = null;
      world.after(downMs, () => {
        world.log('the service is up');
        play.service = newService();
      });
    },
  };
  // when its machine is there: at once offline is another story
  world.at(500, () => first.start(false));
  return play;
}

/** The shell the first device opened, while it runs. */
function shellOf({ agent }: Play): Shell | null {
  const [shell] = agent.shells;
  return shell === undefined || shell.isGone ? null : shell;
}
const noticed = (chance: number): number => (chance < 0.5 ? chance * 40 : chance * SILENT_MS);
const actor = (play: Play, { x }: Incident): Device => (x < 0.6 ? play.first : play.second);
let queries = 0;

const INCIDENTS: Readonly<Record<Kind, (play: Play, incident: Incident) => void>> = {
  type: (play, incident) => actor(play, incident).type(1 + Math.floor(incident.y * (incident.z < 0.1 ? 20_000 : 12))),
  burst: (play, { y }) => shellOf(play)?.print(1 + Math.floor(y * 20_000)),
  flood: (play, { y }) => shellOf(play)?.print(Math.floor((0.1 + y * 3) * MIB)),
  query(play) {
    queries += 1;
    shellOf(play)?.print(8, { is: 'query', number: 1 + (queries % 46) });
  },
  mode: (play, { x, y }) => shellOf(play)?.print(8, { is: 'mode', mode: x < 0.5 ? 'alternate' : 'paste', on: y < 0.6 }),
  cutClient(play, { x, y, z }) {
    for (const device of play.devices) if (device === play.first || z < 0.3) device.link?.cut(noticed(x), noticed(y));
  },
  cutAgent: ({ agent }, { x, y }) => agent.link?.cut(noticed(x), noticed(y)),
  stallClient: (play, incident) => actor(play, incident).link?.stall(2000 + incident.y * 35_000),
  stallAgent: ({ agent }, { y }) => agent.link?.stall(2000 + y * 35_000),
  restartService: (play, { y }) => play.restartService(500 + y * y * 20_000),
  replaceAgentLink: ({ agent }) => agent.replaceLink(),
  agentAway: ({ agent }, { y }) => agent.goOffline(60_000 + y * 240_000),
  restartProgram(play, { x, y }) {
    const device = x < 0.7 ? play.first : play.second;
    restart(play, device, 100 + y * 5000);
  },
  everybodyLeaves(play, { y }) {
    for (const device of play.devices) restart(play, device, 60_000 + y * 240_000);
  },
  reload: (play, incident) => actor(play, incident).reload(true),
  breakPort: (play, incident) => actor(play, incident).reload(false),
  sleep(play, incident) {
    const device = actor(play, incident);
    if (device.isUp) device.sleep(2000 + incident.y * incident.y * 120_000);
  },
  slow(play, incident) {
    const { window } = actor(play, incident);
    if (window === null) return;
    window.bytesPerMs = play.scenario.drawBytesPerMs * 0.02;
    play.world.after(3000 + incident.y * 20_000, () => {
      window.bytesPerMs = play.scenario.drawBytesPerMs;
    });
  },
  stuck: (play, { y }) => shellOf(play)?.sleep(y * 15_000),
  resize: (play, incident) => actor(play, incident).resize(40 + Math.floor(incident.y * 100), 24),
  startSecond: ({ first, second }) => (first.session === null ? undefined : second.start(false)),
  takeBySecond({ first, second }) {
    if (first.session === null) return;
    if (second.isUp) second.takeControl();
    else second.start(true);
  },
  takeByFirst: ({ first }) => first.takeControl(),
  discard: (play, incident) => actor(play, incident).discardKept(),
  exit(play, { x, y }) {
    if (x > 0.5) return;
    const shell = shellOf(play);
    if (y < 0.7) shell?.print(Math.floor(y * 600_000));
    shell?.exit(7);
  },
  diskFull({ world, disk }, { y }) {
    if (!disk) return;
    disk.isFull = true;
    disk.hadTrouble = true;
    world.after(2000 + y * 240_000, () => {
      disk.isFull = false;
    });
  },
  diskSlow({ world, disk, scenario }, { y }) {
    if (!disk) return;
    disk.bytesPerMs = 10;
    disk.hadTrouble = true;
    world.after(3000 + y * 60_000, () => {
      disk.bytesPerMs = scenario.diskBytesPerMs ?? disk.bytesPerMs;
    });
  },
  kill(play, { x }) {
    const shell = shellOf(play);
    if (x > 0.3 || shell === null || play.service === null) return;
    play.world.log('an admin ends the session');
    play.killed = true;
    play.service.end(shell.session);
  },
};

function restart({ world }: Play, device: Device, downMs: number): void {
  if (!device.isUp || device.isAsleep) return;
  device.die();
  world.after(downMs, () => device.start(false));
}

/** What must hold at each moment. */
function watch(play: Play): void {
  const { world, devices } = play;
  const deceivedSince = new Map<Device, number>();
  const look = (): void => {
    lookAtShell(play, world.now - (shellOf(play)?.blockedSince ?? world.now));
    for (const device of devices) {
      const since = isDeceived(play, device) ? (deceivedSince.get(device) ?? world.now) : world.now;
      deceivedSince.set(device, since);
      if (world.now - since > MOST_DECEIVED_MS)
        world.fail('looks-attached', `${device.name} says it is attached, and the stream is dead`);
    }
    world.after(1000, look);
  };
  look();
}

function lookAtShell(play: Play, blockedMs: number): void {
  const { world, devices } = play;
  if (blockedMs > MOST_BLOCKED_MS && !devices.some(controls))
    world.fail('shell-blocked', 'the shell waits for minutes for credit that nobody gives');
  if (blockedMs > MOST_FROZEN_MS && devices.some((device) => seesAll(play, device)))
    world.fail('shell-frozen', 'the shell waits for a disk');
}

/** In control over links that work, and nothing is left to draw. */
function seesAll({ agent }: Play, device: Device): boolean {
  const isWell = controls(device) && !device.isAsleep && device.link?.isCut === false && agent.link?.isCut === false;
  return isWell && device.window?.shown === agent.shells[0]?.length;
}

/** Its person is told that it is attached, though nothing passes. */
function isDeceived({ agent }: Play, device: Device): boolean {
  const isDead = device.link?.isCut === true || agent.link?.isCut === true;
  return isDead && device.isUp && !device.isAsleep && device.phase?.at === 'attached';
}

function heal(play: Play): void {
  const { devices, scenario, disk } = play;
  play.healed = true;
  if (disk) Object.assign(disk, diskOf(scenario), { hadTrouble: disk.hadTrouble, files: disk.files });
  for (const device of devices) {
    device.link?.heal();
    if (device.window) device.window.bytesPerMs = Math.max(device.window.bytesPerMs, scenario.drawBytesPerMs);
  }
}

const controls = ({ phase }: Device): boolean => phase?.at === 'attached' && phase.mode === 'control';

/** When nobody has control at the end, a person takes it. */
function takeWhatNobodyHas(play: Play): void {
  if (shellOf(play) === null || play.devices.some(controls)) return;
  play.devices.find((device) => device.phase?.at === 'attached')?.takeControl();
}

/** What must hold in the end, when all faults are over since long. */
function judge(play: Play): void {
  const { world, agent, first } = play;
  const [shell] = agent.shells;
  if (shell === undefined) return world.fail('no-session', 'it was never opened');
  if (agent.shells.length > 1 && first.programs === 1)
    world.fail('two-shells', `${agent.shells.length} shells for one wish`);
  if (play.switches > 40) world.fail('control-ping-pong', `control changed hands ${play.switches} times`);
  if (play.killed) {
    if (!shell.isGone) world.fail('zombie', 'the session was ended by an admin, and its shell runs');
    return;
  }
  if (shell.isDying) judgeEnd(play, shell);
  else judgeLife(play, shell);
  judgeRecording(play, shell);
}

/** It says that it lacks the rest: a service died with what the disk had not taken, and nobody else has that. */
function mayLack({ missing, gaps, isOver }: VirtualFile, { incidents }: Scenario): boolean {
  const last = missing.at(-1) ?? (isOver ? gaps.at(-1) : undefined);
  return last?.to === null && incidents.some(({ kind }) => kind === 'restartService');
}

/** With what is stated as missing at its end. */
function recordedTo({ end, missing }: VirtualFile): number {
  return missing.find(({ from }) => from === end)?.to ?? end;
}

function judgeRecording({ world, disk, scenario }: Play, shell: Shell): void {
  if (!disk) return;
  const file = disk.files.get(shell.session);
  if (!file) return world.fail('recording-short', 'there is none');
  const end = recordedTo(file);
  if (end !== shell.length && !mayLack(file, scenario))
    world.fail('recording-short', `it has ${end} of ${shell.length}`);
  if (shell.hasExited && !file.isOver && !disk.hadTrouble)
    world.fail('recording-short', 'the shell is over, its recording not');
}

function judgeEnd({ world, devices }: Play, shell: Shell): void {
  const told = devices.filter((device) => device.endShownAt !== null);
  if (told.length === 0) world.fail('exit-lost', 'the shell ended, and nobody was told');
  for (const { name, endShownAt } of told)
    if (endShownAt !== shell.length || shell.waiting > 0)
      world.fail('exit-lost', `${name} shows the end at ${endShownAt}, the shell wrote ${shell.length}`);
}

function judgeLife(play: Play, shell: Shell): void {
  const { world, devices } = play;
  const inControl = devices.filter(controls);
  if (shell.isGone) world.fail('session-abandoned', 'the shell was ended, and nobody wanted that');
  if (inControl.length !== 1) world.fail('no-progress', `${inControl.length} devices are in control at the end`);
  for (const device of devices) {
    const at = device.phase?.at;
    if (at === 'ended' || at === 'failed')
      world.fail('session-abandoned', `${device.name} was told ${at}, and the shell runs`);
    if (at === 'attached' && device.window !== null)
      judgeScreen(world, { name: device.name, window: device.window }, shell);
  }
  for (const device of inControl) judgeControl(world, device, shell);
}

const sorted = (modes: ReadonlySet<string>): string => [...modes].toSorted().join(' ');

function judgeScreen(world: World, { name, window }: { name: string; window: VirtualWindow }, shell: Shell): void {
  if (window.shown !== shell.length || shell.waiting > 0)
    world.fail('no-progress', `${name} shows ${window.shown} of ${shell.length}, ${shell.waiting} wait`);
  const [truth, shown] = [sorted(shell.modesAt(shell.length)), sorted(window.modes)];
  if (shown !== truth) world.fail('modes-wrong', `${name} is in modes "${shown}" where the shell is in "${truth}"`);
  const cols = window.size?.cols;
  if (window.mode === 'view' && cols !== shell.size.cols)
    world.fail('size', `${name} views ${cols} columns of ${shell.size.cols}`);
}

function judgeControl(world: World, { name, typist, size, asking }: Device, shell: Shell): void {
  if (typist.open > 0 && !asking)
    world.fail('no-progress', `${name}: ${typist.open} typed bytes never reached the shell`);
  if (shell.size.cols !== size.cols)
    world.fail('size', `the shell has ${shell.size.cols} columns, ${name} ${size.cols}`);
}

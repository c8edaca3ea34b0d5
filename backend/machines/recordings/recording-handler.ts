/** A recording as asciicast, while its session runs too: what is stored so far. To watch one leaves a trace. */
import type { terminals } from '../../../protocol/api/terminals.ts';
import type { GroupHandlers } from '../../gateway/handlers.ts';
import type { Recorder } from './recorder.ts';

export function recordingHandler(recorder: Pick<Recorder, 'open'>): GroupHandlers<typeof terminals>['recording'] {
  return async (_input, caller) => {
    const { id, agentId, userId } = caller.session;
    const known = await caller.read
      .selectFrom('recordings')
      .select('session_id')
      .where('session_id', '=', id)
      .executeTakeFirst();
    const cast = known ? await recorder.open({ organizationId: caller.organization.id, sessionId: id }) : null;
    if (!cast) return { refuse: { code: 'not-found' } };
    const detail = { agent_id: agentId, of_user: userId };
    const audit = { action: 'recording_viewed', resource: id, detail };
    await caller.write(() => Promise.resolve({ value: undefined, audit }));
    return {
      body: cast,
      headers: { 'content-disposition': `attachment; filename="${id}.cast"` },
    };
  };
}

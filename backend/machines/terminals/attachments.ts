/** The attachments of one session: who controls it, who views it, and what of that the agent is told. */
import type {
  EndReason,
  FromAgent,
  FromClient,
  HelloSession,
  ToAgent,
  ToClient,
} from '../../../protocol/wire/control.ts';
import { type Grant, lowestLimit, windowTo } from '../../../protocol/wire/credit.ts';
import { encode, type InputAck, type Output, rechannel } from '../../../protocol/wire/frame.ts';
import type { Told } from '../recordings/recording.ts';
import { type Attachment, type AttachRequest, type Client, confirm, detached, grant, newAttachment } from './client.ts';
import { createRecorderSeat } from './recorder-seat.ts';
import { refusal } from './refusals.ts';
import { trimTo } from './trim.ts';
import { CONTROL_KEPT_MS, grantedMode, type LastControl } from './who-controls.ts';

/** Messages of the agent that name a channel it has. */
export type OfChannel = Exclude<Extract<FromAgent, { channel: number }>, { type: 'unknown-session' }>;
type Attached = Extract<OfChannel, { type: 'attached' }>;
type Refused = Extract<OfChannel, { type: 'detached' }>;
type Probe = Extract<FromClient, { type: 'probe' }>;
export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface Unanswered {
  readonly client: Client;
  readonly request: AttachRequest;
  readonly owner: boolean;
}

/** What the attachments of a session do to the world. */
export interface AttachmentPorts {
  /** A channel never used before; what comes on it is for this session. */
  newChannel(): number;
  /** What still comes on it crossed its end on the wire. */
  forgetChannel(channel: number): void;
  tellClient(to: Client, message: ToClient): void;
  frameToClient(to: Client, frame: Uint8Array): void;
  tellAgent(message: ToAgent): void;
  frameToAgent(frame: Uint8Array): void;
  /** Whether anybody is attached, or the size. */
  changed(attached: boolean, size: Size): void;
  exited(exitCode: number | null): void;
  /** For the recorder, where there is one. */
  record(what: Told): void;
}

export interface Attachments {
  attach(client: Client, request: AttachRequest, owner: boolean, now: number): void;
  /** The client is gone, or wants something else. */
  leave(client: Client, now: number): void;
  resize(client: Client, size: Size): void;
  probe(client: Client, probe: Probe, now: number): void;
  inControl(client: Client): boolean;
  input(client: Client, bytes: Uint8Array): void;
  ack(client: Client, grant: Grant, now: number): void;
  /** A client broke a rule: it is told, and loses what it has. */
  fault(client: Client, code: string, now: number): void;

  message(message: OfChannel, now: number): void;
  output(frame: Output, bytes: Uint8Array, now: number): void;
  inputAck(frame: InputAck, bytes: Uint8Array): void;

  /** The agent has the session, with so much output: nobody is attached yet. `recorded`: how far its recording goes; null: none. */
  adopt(reported: Pick<HelloSession, 'output_offset' | 'client'>, recorded: number | null, now: number): void;
  /** How far the recorder lets the producer go; null: it holds nobody. */
  recorderGranted(given: Grant | null): void;
  /** The agent is gone. Gives the attaches that were not answered: they wait, all others were told. */
  agentLost(now: number): Unanswered[];
  /** The session is over: everybody is told. True: a recorder still takes what was under way, until `close`. */
  end(reason: EndReason): boolean;
  /** Nothing comes any more. `outputOffset`: one beyond the last byte there ever was; null: nobody knows. */
  close(outputOffset: number | null): void;
}

const confirmedOf = ({ attachment }: Client): Attachment | null => (attachment?.confirmed ? attachment : null);

/** `size` is what the session was opened with. */
export function createAttachments(session: string, size: Size, ports: AttachmentPorts): Attachments {
  const views = new Map<number, Client>();
  const recorder = createRecorderSeat((what) => ports.record(what));
  /** The client that has control, or will when the agent confirms it. */
  let controller: Client | null = null;
  /** What had control until the agent confirms who took it. */
  let losers: { readonly client: Client; readonly attachment: Attachment }[] = [];
  let last: LastControl = { client: null, until: 0 };
  let main: number | null = null;
  /** One beyond the last byte that came on a main channel: the next one that the recorder lacks. */
  let seen = 0;
  let stated: Grant | null = null;
  /** Only its recorder still listens. */
  let isOver = false;
  let told: { readonly attached: boolean; readonly size: Size } | null = null;

  const review = (to: Size = size): void => {
    if (isOver) return;
    const attached = controller !== null || views.size > 0;
    if (told?.attached === attached && told.size.cols === to.cols && told.size.rows === to.rows) return;
    size = { cols: to.cols, rows: to.rows };
    told = { attached, size };
    ports.changed(attached, size);
  };
  const newMain = (): number => {
    if (main !== null) ports.forgetChannel(main);
    main = ports.newChannel();
    stated = null;
    return main;
  };
  /** Who limits the producer. */
  const holders = (): Grant[] =>
    [controller?.attachment?.credit ?? null, recorder.grant].filter((holder) => holder !== null);
  /** Where a client's credit counts from is not known before. */
  const isUnanswered = (): boolean => controller?.attachment?.confirmed === false;
  const stateCredit = (always: boolean): void => {
    if (main === null || isUnanswered()) return;
    const consumed = holders()[0]?.consumed ?? 0;
    const window = windowTo(lowestLimit(holders()), consumed);
    if (!always && stated?.consumed === consumed && stated.window === window) return;
    stated = { consumed, window };
    ports.frameToAgent(encode({ kind: 'output-ack', channel: main, offset: consumed, window }));
  };
  const record = (from: number): void => {
    const nobody = { want: null, from, consumed: null, window: recorder.window, ...size };
    ports.tellAgent({ type: 'attach', session_id: session, channel: newMain(), mode: 'record', ...nobody });
  };
  const closeView = (channel: number): void => {
    views.delete(channel);
    ports.forgetChannel(channel);
  };
  const clientOn = (channel: number): Client | undefined => {
    if (channel !== main) return views.get(channel);
    return controller?.attachment?.channel === channel ? controller : undefined;
  };
  const tellLosers = (): void => {
    for (const { client, attachment } of losers) ports.tellClient(client, detached(attachment, 'taken'));
    losers = [];
  };

  const loseControl = (now: number): void => {
    controller = null;
    last = { ...last, until: now + CONTROL_KEPT_MS };
  };
  const leave = (client: Client, now: number): void => {
    const { attachment } = client;
    client.attachment = null;
    losers = losers.filter((loser) => loser.client !== client);
    if (attachment === null) return;
    ports.tellAgent({ type: 'detach', channel: attachment.channel });
    if (controller === client) {
      loseControl(now);
      stateCredit(true);
    } else closeView(attachment.channel);
  };
  const fault = (client: Client, code: string, now: number): void => {
    if (client.attachment === null) return;
    ports.tellClient(client, detached(client.attachment, 'fault', code));
    leave(client, now);
    review();
  };

  const view = (client: Client, request: AttachRequest, owner: boolean): void => {
    const channel = ports.newChannel();
    views.set(channel, client);
    client.attachment = newAttachment({ request, owner, mode: 'view', channel });
    const { want, consumed, window, cols, rows } = request;
    const wish = { want, from: want, consumed, window, cols, rows };
    ports.tellAgent({ type: 'attach', session_id: session, channel, mode: 'view', ...wish });
  };
  const control = (client: Client, request: AttachRequest, owner: boolean): void => {
    if (controller?.attachment && controller !== client) {
      losers.push({ client: controller, attachment: controller.attachment });
      controller.attachment = null;
    }
    controller = client;
    last = { client: request.client, until: Number.POSITIVE_INFINITY };
    const channel = newMain();
    client.attachment = newAttachment({ request, owner, mode: 'control', channel });
    const { want, consumed, cols, rows } = request;
    // where a fresh screen begins is known when it is attached: until then it gets no more than either holder grants
    const fresh = Math.min(request.window, recorder.window);
    const window = consumed === null ? fresh : windowTo(lowestLimit(holders()), consumed);
    const from = recorder.isTaken ? seen : want; // the agent begins at the lower of the two
    const wish = { client: request.client, want, from, consumed, window, cols, rows };
    ports.tellAgent({ type: 'attach', session_id: session, channel, mode: 'control', ...wish });
  };

  const attached = (message: Attached): void => {
    if (message.channel === main) tellLosers();
    const client = clientOn(message.channel);
    if (client?.attachment) {
      const { attachment } = client;
      const { request, mode } = attachment;
      confirm(attachment, message.output_offset);
      const { channel: _channel, oldest: _oldest, ...rest } = message;
      const wanted = request.want ?? (mode === 'control' ? 0 : message.output_offset);
      const truncated = Math.max(0, message.output_offset - wanted);
      ports.tellClient(client, { ...rest, n: request.n, mode, truncated });
    }
    if (message.channel !== main || !recorder.isTaken) return;
    recorder.attached({ seen, oldest: message.oldest }, message);
    stateCredit(false);
  };
  const refused = ({ channel, reason, code }: Refused, now: number): void => {
    const client = clientOn(channel);
    if (client?.attachment) ports.tellClient(client, detached(client.attachment, reason, code));
    if (client) client.attachment = null;
    if (channel !== main) return closeView(channel);
    if (client) loseControl(now);
    tellLosers();
    record(seen);
  };

  return {
    attach(client, request, owner, now) {
      const asking = { client: request.client, mode: request.mode, take: request.take ?? false, owner };
      const mode = grantedMode(asking, last, now);
      if (client.attachment && (client !== controller || mode === 'view')) leave(client, now);
      if (mode === 'view') view(client, request, owner);
      else control(client, request, owner);
      review();
    },
    leave(client, now) {
      leave(client, now);
      review();
    },
    resize(client, to) {
      const attachment = confirmedOf(client);
      if (attachment?.mode === 'control')
        ports.tellAgent({ type: 'resize', channel: attachment.channel, cols: to.cols, rows: to.rows });
    },
    probe(client, { consumed, window, cols, rows }, now) {
      const attachment = confirmedOf(client);
      if (attachment === null) return;
      if (consumed !== null && !accept(client, { consumed, window }, now)) return;
      // a probe mends what was lost on its way, so it states anew what it did not change
      forward(attachment, true);
      ports.tellAgent({ type: 'probe', channel: attachment.channel, cols, rows });
    },
    inControl: (client) => client === controller && confirmedOf(client) !== null,
    input(client, bytes) {
      const attachment = confirmedOf(client);
      if (attachment?.mode !== 'control') return; // it crossed the end of control on the wire
      rechannel(bytes, attachment.channel);
      ports.frameToAgent(bytes);
    },
    ack(client, given, now) {
      const attachment = confirmedOf(client);
      if (attachment !== null && accept(client, given, now)) forward(attachment, false);
    },
    fault,

    message(message, now) {
      if (message.type === 'attached') {
        attached(message);
        review(message);
      } else if (message.type === 'detached') {
        refused(message, now);
        review();
      } else notice(message);
    },
    output(frame, bytes, now) {
      const end = frame.offset + frame.payload.length;
      if (frame.channel === main) {
        seen = Math.max(seen, end);
        recorder.output(frame.offset, frame.payload);
      }
      const client = clientOn(frame.channel);
      const attachment = client ? confirmedOf(client) : null;
      if (!client || !attachment) return;
      if (end > attachment.granted) return fault(client, 'window-exceeded', now);
      const trimmed = trimTo(attachment.position, frame, bytes);
      if (frame.offset <= attachment.position) attachment.position = Math.max(attachment.position, end);
      if (trimmed !== null) ports.frameToClient(client, trimmed);
    },
    inputAck(frame, bytes) {
      const client = clientOn(frame.channel);
      if (!client || confirmedOf(client)?.mode !== 'control') return;
      rechannel(bytes, 0);
      ports.frameToClient(client, bytes);
    },

    adopt(reported, recorded, now) {
      if (recorded !== null && !recorder.isTaken) {
        recorder.take(recorded);
        seen = recorded;
      }
      seen = recorder.isTaken ? Math.min(seen, reported.output_offset) : reported.output_offset;
      last = { client: last.client ?? reported.client, until: Math.max(last.until, now + CONTROL_KEPT_MS) };
      record(seen);
      review();
    },
    recorderGranted(given) {
      recorder.granted(given);
      stateCredit(false);
    },
    agentLost(now) {
      const waiting: Unanswered[] = [];
      for (const client of [...(controller ? [controller] : []), ...views.values()]) {
        const { attachment } = client;
        client.attachment = null;
        if (attachment?.confirmed) ports.tellClient(client, detached(attachment, 'agent-away'));
        else if (attachment) waiting.push({ client, request: attachment.request, owner: attachment.owner });
      }
      for (const { client, attachment } of losers) ports.tellClient(client, detached(attachment, 'agent-away'));
      losers = [];
      views.clear();
      loseControl(now);
      main = null;
      review();
      return waiting;
    },
    end(reason) {
      const everybody = new Set([...losers.map((loser) => loser.client), ...views.values()]);
      if (controller) everybody.add(controller);
      for (const client of everybody) {
        client.attachment = null;
        client.session = null;
        ports.tellClient(client, { ...refusal('session-ended'), reason });
      }
      isOver = true;
      controller = null;
      losers = [];
      for (const channel of views.keys()) ports.forgetChannel(channel);
      views.clear();
      const takesOn = recorder.isTaken && main !== null;
      if (main !== null && !takesOn) ports.forgetChannel(main);
      return takesOn;
    },
    close(outputOffset) {
      recorder.ended(outputOffset);
      if (main !== null) ports.forgetChannel(main);
      main = null;
    },
  };

  /** Whether a client may grant this: it has drawn nothing that was not sent to it. */
  function accept(client: Client, given: Grant, now: number): boolean {
    const { attachment } = client;
    const may = attachment !== null && given.consumed <= attachment.position;
    if (may) grant(attachment, given);
    else fault(client, 'offset-out-of-range', now);
    return may;
  }

  /** What was granted, to the agent. */
  function forward({ mode, channel, credit }: Attachment, always: boolean): void {
    if (mode === 'control') return stateCredit(always);
    const { consumed: offset, window } = credit;
    ports.frameToAgent(encode({ kind: 'output-ack', channel, offset, window }));
  }

  /** What the agent says of a session goes on to the client of that channel as it is. */
  function notice(message: Exclude<OfChannel, Attached | Refused>): void {
    const client = clientOn(message.channel);
    const attachment = client ? confirmedOf(client) : null;
    const { channel, ...rest } = message;
    if (attachment && message.type === 'moved') attachment.position = message.output_offset;
    if (client && attachment) ports.tellClient(client, rest);
    if (message.type === 'resized') review(message);
    if (channel === main) ofMain(message);
  }

  function ofMain(message: Exclude<OfChannel, Attached | Refused>): void {
    if (message.type === 'resized') recorder.resized(message);
    if (message.type !== 'exit') return;
    if (!isOver) ports.exited(message.exit_code);
    recorder.ended(message.output_offset);
  }
}

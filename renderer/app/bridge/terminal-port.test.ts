import { expect, it, vi } from 'vitest';
import type { ToWindow } from '../../../protocol/bridge/terminal.ts';
import { openTerminalPort } from './terminal-port.ts';
import { createFakeTerminal } from './testing/fake-carrier.ts';

function setUp() {
  const fake = createFakeTerminal();
  const port = openTerminalPort(fake.carrier);
  const heard: ToWindow[] = [];
  const frames: Uint8Array[] = [];
  const closed = vi.fn<() => void>();
  port.onMessage((message) => heard.push(message));
  port.onFrame((frame) => frames.push(frame));
  port.onClose(closed);
  return { ...fake, port, heard, frames, onClosed: closed };
}

it('tells messages from frames, both ways', () => {
  const { port, posted, say, heard, frames } = setUp();
  port.send({ type: 'visible', visible: true });
  port.sendFrame(Uint8Array.of(1, 2));
  expect(posted).toEqual(['{"type":"visible","visible":true}', Uint8Array.of(1, 2)]);
  say('{"type":"ready"}');
  say(Uint8Array.of(3));
  expect(heard).toEqual([{ type: 'ready' }]);
  expect(frames).toEqual([Uint8Array.of(3)]);
});

it.each(['{', '{"type":"unknown"}', '{"type":"resized","cols":-1,"rows":1}'])(
  'closes, to be opened anew, when the main process says %j',
  (message) => {
    vi.spyOn(console, 'error').mockReturnValue();
    const { say, heard, closed, onClosed } = setUp();
    say(message);
    expect(heard).toEqual([]);
    expect(closed()).toBe(true);
    expect(onClosed).toHaveBeenCalledOnce();
  },
);

it('says when the main process closed it', () => {
  const { end, onClosed } = setUp();
  end();
  expect(onClosed).toHaveBeenCalledOnce();
});

/** The frame codec: exact both ways, and nothing slips through that is not a frame. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, type Frame, HEADER_BYTES, MAX_PAYLOAD, putHeader, rechannel } from './frame.ts';

const payload = fc.uint8Array({ minLength: 1, maxLength: 256 });
const offset = fc.oneof(
  fc.nat(Number.MAX_SAFE_INTEGER - MAX_PAYLOAD),
  fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52),
);
const common = { channel: fc.nat(0xffff_ffff), offset };
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('output' as const), ...common, payload }),
  fc.record({ kind: fc.constant('input' as const), ...common, typedAt: fc.nat(0xff_ffff), payload }),
  fc.record({ kind: fc.constant('output-ack' as const), ...common, window: fc.nat(0xffff_ffff) }),
  fc.record({ kind: fc.constant('input-ack' as const), ...common }),
);
const refusal = (bytes: Uint8Array) => {
  const decoded = decode(bytes);
  return decoded.ok ? null : decoded.code;
};

describe('a frame', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(frame, (sent) => {
        expect(decode(encode(sent))).toEqual({ ok: true, frame: sent });
      }),
    );
  });

  it('with one header byte changed is refused or exact', () => {
    const changed = fc
      .tuple(frame, fc.nat(HEADER_BYTES - 1), fc.nat(255))
      .map(([sent, at, to]) => encode(sent).map((byte, index) => (index === at ? to : byte)));
    fc.assert(
      fc.property(changed, (bytes) => {
        const decoded = decode(bytes);
        if (decoded.ok) expect(encode(decoded.frame)).toEqual(bytes);
        else expect(decoded.code).toMatch(/^[a-z-]+$/);
      }),
    );
  });

  it('made of random bytes is refused or exact', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const decoded = decode(bytes);
        if (decoded.ok) expect(encode(decoded.frame)).toEqual(bytes);
        else expect(decoded.code).toMatch(/^[a-z-]+$/);
      }),
    );
  });

  it('lies at any place of a larger buffer, and its payload is a view, not a copy', () => {
    const larger = new Uint8Array(100);
    larger.set(encode({ kind: 'output', channel: 3, offset: 7, payload: Uint8Array.of(1, 2, 3) }), 40);
    const decoded = decode(larger.subarray(40, 40 + HEADER_BYTES + 3));
    if (!decoded.ok || decoded.frame.kind !== 'output') throw new Error('not decoded');
    larger[40 + HEADER_BYTES] = 9;
    expect([...decoded.frame.payload]).toEqual([9, 2, 3]);
  });

  it('given another channel keeps every other byte', () => {
    fc.assert(
      fc.property(frame, fc.nat(0xffff_ffff), (sent, channel) => {
        const bytes = encode(sent);
        rechannel(bytes, channel);
        expect(decode(bytes)).toEqual({ ok: true, frame: { ...sent, channel } });
      }),
    );
  });

  it('has the same header whether its payload is given or put behind it later', () => {
    const whole = encode({ kind: 'output', channel: 5, offset: 2 ** 40 + 3, payload: Uint8Array.of(1, 2) });
    const header = new Uint8Array(HEADER_BYTES);
    putHeader(header, { kind: 'output', channel: 5, offset: 2 ** 40 + 3 });
    expect(whole.subarray(0, HEADER_BYTES)).toEqual(header);
  });

  it.each([
    ['that ends within its header', new Uint8Array(HEADER_BYTES - 1), 'too-short'],
    ['of kind 0', new Uint8Array(HEADER_BYTES), 'unknown-kind'],
    ['of kind 5', Uint8Array.of(5, ...Array.from<number>({ length: 15 }).fill(0)), 'unknown-kind'],
    ['of output without payload', Uint8Array.of(1, ...Array.from<number>({ length: 15 }).fill(0)), 'wrong-length'],
    ['with more than 64 KiB', largest(1), 'wrong-length'],
    ['of an ack of input with a payload', encodeWith(4, 1), 'wrong-length'],
    ['of an ack of output without its window', encodeWith(3, 0), 'wrong-length'],
    ['that is not input and carries a typing time', typedAck(), 'reserved-set'],
    ['beyond 2^53', beyond(), 'offset-out-of-range'],
  ])('%s is refused', (_name, bytes, code) => {
    expect(refusal(bytes)).toBe(code);
  });

  it('of 64 KiB is the largest', () => {
    expect(refusal(largest(0))).toBeNull();
  });
});

function largest(more: number): Uint8Array {
  return encode({ kind: 'output', channel: 0, offset: 0, payload: new Uint8Array(MAX_PAYLOAD + more) });
}
function encodeWith(kind: number, payloadBytes: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payloadBytes);
  bytes[0] = kind;
  return bytes;
}
function typedAck(): Uint8Array {
  const bytes = encode({ kind: 'input-ack', channel: 0, offset: 0 });
  bytes[2] = 1;
  return bytes;
}
function beyond(): Uint8Array {
  const bytes = encodeWith(1, 1);
  bytes[9] = 0x20;
  return bytes;
}

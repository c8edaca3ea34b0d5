/** Two sockets made one: what one says the other hears, no faster than it takes it, until both are closed. */
import type { Duplex } from 'node:stream';

/** What was on its way when one end closed gets so long to reach the other. */
const FLUSH_MS = 5_000;

export function join(one: Duplex, other: Duplex): void {
  follow(one, other);
  follow(other, one);
}

function follow(from: Duplex, to: Duplex): void {
  from.on('error', () => from.destroy());
  from.on('close', () => {
    // Cut rather than ended: so is the other.
    if (!from.readableEnded) return void to.destroy();
    if (to.closed) return;
    const late = setTimeout(() => to.destroy(), FLUSH_MS);
    to.once('close', () => clearTimeout(late));
    to.resume(); // nobody is left to hear it, but its end has to be seen
  });
  from.pipe(to); // which ends the other when this one has ended
}

/** Which port the server gets. */
import { createServer } from 'node:net';
import { StartFailure } from './failure.mjs';

const usual = 8080;
const tries = 50;

/**
 * @typedef {object} PortWish
 * @property {number | null} asked by the person, for this start
 * @property {number | null} known from an earlier start
 * @property {(line: string) => void} say
 */

/**
 * @param {PortWish} wish
 * @returns {Promise<number>}
 */
export async function choosePort({ asked, known, say }) {
  if (asked !== null) {
    if (await isFree(asked)) return asked;
    throw new StartFailure(
      `Port ${asked} is taken by another program. Choose another with --port, or leave it out for a free one.`,
    );
  }
  if (known !== null) {
    if (await isFree(known)) return known;
    throw new StartFailure(
      `Port ${known}, by which your sign-in and this computer's agent know the server, is taken by another program.` +
        ` End that program, or move the server with --port; then sign in at its new address.`,
    );
  }
  for (let port = usual; port < usual + tries; port += 1) {
    if (!(await isFree(port))) continue;
    if (port !== usual) say(`Port ${usual} is taken by another program; the server gets ${port}.`);
    return port;
  }
  throw new StartFailure(`No port from ${usual} to ${usual + tries - 1} is free. Choose one with --port.`);
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

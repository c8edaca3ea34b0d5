/** What `npm start` can be told. */
import { parseArgs } from 'node:util';

export const help = `npm start: everything on this computer, from nothing to a terminal.

  npm start -- [options]

  --port <number>  port of the server on 127.0.0.1 (default: 8080, or the next that is free)
  --data <folder>  where server, agent and desktop keep their data (default: .data)
  --no-open        open no window, print how to get one
  --help           this text

Ctrl-C ends all of it. A second start uses what is there.`;

/**
 * @typedef {object} StartOptions
 * @property {number | null} port
 * @property {string} data
 * @property {boolean} open
 */

/**
 * @param {readonly string[]} args
 * @returns {StartOptions | 'help' | { complaint: string }}
 */
export function readOptions(args) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        data: { type: 'string', default: '.data' },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const port = values.port === undefined ? null : Number(values.port);
    if (port !== null && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
      return { complaint: `--port ${values.port} is no port: it is a number from 1 to 65535.` };
    return { port, data: values.data, open: !values['no-open'] };
  } catch (error) {
    return { complaint: `${error instanceof Error ? error.message : String(error)}\n\n${help}` };
  }
}

/** The window on a desktop in memory: what it is told comes from the tests, what it shows and asks is looked at by them. */
import { cspNonce } from '../../../renderer/app/csp-nonce.ts';
import '../../../renderer/app/no-eval.ts';
import '../../../renderer/ui/tokens.css';
import '../../../renderer/ui/base.css';
import { startWindow } from '../../../renderer/app/start.tsx';
import { createFakeDesktop, type FakeDesktop } from '../../../renderer/testing/fake-desktop.ts';
import * as samples from '../../../renderer/testing/samples.ts';

export interface Stage {
  readonly desktop: FakeDesktop;
  readonly samples: typeof samples;
  /** What the page's policy refused. */
  readonly violations: readonly string[];
  /** Closes the window and opens it anew, as a restart of the app does. */
  restart(): void;
}

const violations: string[] = [];
document.addEventListener('securitypolicyviolation', (event) =>
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
);

const desktop = createFakeDesktop(() => Date.now());
let ending = new AbortController();
const start = () => {
  const element = document.createElement('div');
  element.id = 'root';
  document.querySelector('#root')?.replaceWith(element);
  ending = new AbortController();
  startWindow(
    { bridge: desktop.bridge, element, platform: 'other', nonce: cspNonce, now: () => Date.now() },
    ending.signal,
  );
};
const stage: Stage = {
  desktop,
  samples,
  violations,
  restart() {
    ending.abort();
    start();
  },
};
Object.assign(window, { stage });
start();

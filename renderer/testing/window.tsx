/** The window on a desktop in memory, for tests that look at it: what it shows is told from outside. */
import { cspNonce } from '../app/csp-nonce.ts';
import '../app/no-eval.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { startWindow } from '../app/start.tsx';
import { createFakeDesktop, type FakeDesktop } from './fake-desktop.ts';
import * as samples from './samples.ts';

declare global {
  interface Window {
    desktop?: FakeDesktop;
    samples?: typeof samples;
  }
}

const element = document.getElementById('root');
if (!element) throw new Error('The page has no place for the window.');
const now = () => Date.now();
const desktop = createFakeDesktop(now);
window.desktop = desktop;
window.samples = samples;
startWindow({ bridge: desktop.bridge, element, platform: 'other', nonce: cspNonce, now }, new AbortController().signal);

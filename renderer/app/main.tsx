/** The window's program. */
import { cspNonce } from './csp-nonce.ts';
import './no-eval.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { createBridge } from './bridge/create-bridge.ts';
import { startWindow } from './start.tsx';

const element = document.getElementById('root');
if (!element) throw new Error('The page has no place for the window.');

startWindow(
  {
    bridge: createBridge(),
    element,
    platform: navigator.userAgent.includes('Mac OS') ? 'mac' : 'other',
    nonce: cspNonce,
    now: () => Date.now(),
  },
  new AbortController().signal,
);

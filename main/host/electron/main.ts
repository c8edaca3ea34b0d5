/** Entry of the Electron host: what must be settled before the app is ready, then the app itself. */
import path from 'node:path';
import { app, dialog, protocol } from 'electron';
import { defaultProfile, makeProfile } from '../profile.ts';
import { profileAmong } from './arguments.ts';
import { lockContents } from './contents.ts';
import { linkAmong, linkScheme } from './deep-link.ts';
import { declareScheme } from './page-protocol.ts';
import { startApp } from './start-app.ts';

function fail(error: unknown): void {
  dialog.showErrorBox('WebXTerm could not start', error instanceof Error ? error.message : String(error));
  app.exit(1);
}

try {
  const named = profileAmong(process.argv.slice(1)) ?? process.env['WEBXTERM_DESKTOP_PROFILE'];
  const profile = makeProfile(named ?? defaultProfile());
  app.setPath('userData', path.join(profile, 'electron'));
  app.enableSandbox();
  declareScheme(protocol);
  lockContents(app);
  // An installed app takes the links; one that is being developed would take them away from it.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  if (app.requestSingleInstanceLock()) {
    const links = { waiting: linkAmong(process.argv) };
    // macOS gives a link by an event, which may come before the app is ready.
    app.on('open-url', (event, link) => {
      event.preventDefault();
      links.waiting = link;
    });
    app
      .whenReady()
      .then(() => startApp({ profile, folder: import.meta.dirname, firstLink: () => links.waiting }))
      .catch(fail);
  } else {
    app.quit();
  }
} catch (error) {
  fail(error);
}

/** A notification of the desktop environment, by the program each has for it. Without one, what happened still stands in the window. */
import { spawn } from 'node:child_process';

export interface Notification {
  readonly title: string;
  readonly body: string;
}

/** Title and body are arguments of their own: nothing in them is read as anything else. Null where there is no such program. */
export function notificationCommand(
  platform: NodeJS.Platform,
  { title, body }: Notification,
): readonly string[] | null {
  if (platform === 'linux') return ['notify-send', '--app-name=WebXTerm', '--', title, body];
  if (platform === 'darwin')
    return [
      'osascript',
      '-e',
      'on run argv',
      '-e',
      'display notification (item 2 of argv) with title (item 1 of argv)',
      '-e',
      'end run',
      title,
      body,
    ];
  return null;
}

export function showNotification(platform: NodeJS.Platform, notification: Notification): void {
  const [program, ...args] = notificationCommand(platform, notification) ?? [];
  if (program === undefined) return;
  const child = spawn(program, args, { stdio: 'ignore' });
  // Not installed.
  child.on('error', () => {});
  child.unref();
}

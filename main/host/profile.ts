/** The folder of one desktop: where it is by default, and that it is its person's alone. */
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';

/** The same for both hosts, so that changing the host keeps accounts and settings. */
export const defaultProfile = () => envPaths('webxterm-desktop', { suffix: '' }).config;

/** @returns its whole path; throws a sentence for the person when it cannot be had */
export function makeProfile(folder: string): string {
  const profile = path.resolve(folder);
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    chmodSync(profile, 0o700);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The profile ${profile} cannot be made or is not yours. Choose another with --profile. (${why})`, {
      cause: error,
    });
  }
  return profile;
}

/** The settings of the desktop, with their defaults. One schema for the file, the core and the page that edits them. */
import { z } from 'zod';

export const theme = z.enum(['system', 'light', 'dark']);

export const settings = z.object({
  appearance: z
    .object({
      theme: theme.default('system'),
      density: z.enum(['comfortable', 'compact']).default('comfortable'),
    })
    .prefault({}),
  terminal: z
    .object({
      font_family: z.string().max(200).default(''),
      font_size: z.number().min(6).max(40).default(13),
      line_height: z.number().min(1).max(2).default(1.2),
      cursor: z.enum(['block', 'bar', 'underline']).default('block'),
      cursor_blink: z.boolean().default(true),
      bell: z.enum(['none', 'visual']).default('visual'),
      scrollback: z.int().min(0).max(100_000).default(10_000),
      copy_on_select: z.boolean().default(false),
      right_click: z.enum(['menu', 'paste']).default('menu'),
      paste_guard: z.boolean().default(true),
      renderer: z.enum(['auto', 'dom']).default('auto'),
      screen_reader: z.boolean().default(false),
    })
    .prefault({}),
  /** Action id to chord, such as `Mod+K`; an empty string takes the shortcut away. */
  shortcuts: z.record(z.string().max(64), z.string().max(64)).default({}),
  network: z
    .object({
      /** `system`: what the environment and the operating system say. */
      proxy: z.enum(['system', 'none', 'manual']).default('system'),
      proxy_url: z.string().max(2000).default(''),
      /** A PEM file with further certificate authorities. */
      extra_ca_file: z.string().max(4096).default(''),
    })
    .prefault({}),
  notifications: z.object({ sessions: z.boolean().default(true) }).prefault({}),
});
export type Settings = z.infer<typeof settings>;

/** A change: any part of it, two levels deep; what is left out stays. */
export const settingsPatch = z.object({
  appearance: settings.shape.appearance.unwrap().partial().optional(),
  terminal: settings.shape.terminal.unwrap().partial().optional(),
  shortcuts: settings.shape.shortcuts.unwrap().optional(),
  network: settings.shape.network.unwrap().partial().optional(),
  notifications: settings.shape.notifications.unwrap().partial().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatch>;

/** The settings of the desktop, with their defaults. One schema for the file, the core and the page that edits them. */
import { z } from 'zod';

export const theme = z.enum(['system', 'light', 'dark']);

/** What a value may be, without its default: in a patch, what is left out stays as it is. */
const fields = {
  appearance: { theme, density: z.enum(['comfortable', 'compact']) },
  terminal: {
    font_family: z.string().max(200),
    font_size: z.number().min(6).max(40),
    line_height: z.number().min(1).max(2),
    cursor: z.enum(['block', 'bar', 'underline']),
    cursor_blink: z.boolean(),
    bell: z.enum(['none', 'visual']),
    scrollback: z.int().min(0).max(100_000),
    copy_on_select: z.boolean(),
    right_click: z.enum(['menu', 'paste']),
    paste_guard: z.boolean(),
    renderer: z.enum(['auto', 'dom']),
    screen_reader: z.boolean(),
  },
  network: {
    /** `system`: what the environment and the operating system say. */
    proxy: z.enum(['system', 'none', 'manual']),
    proxy_url: z.string().max(2000),
    /** A PEM file with further certificate authorities. */
    extra_ca_file: z.string().max(4096),
  },
  notifications: { sessions: z.boolean() },
};
/** Action id to chord, such as `Mod+K`; an empty string takes the shortcut away. */
const shortcuts = z.record(z.string().max(64), z.string().max(64));

export const settings = z.object({
  appearance: z
    .object({
      theme: fields.appearance.theme.default('system'),
      density: fields.appearance.density.default('comfortable'),
    })
    .prefault({}),
  terminal: z
    .object({
      font_family: fields.terminal.font_family.default(''),
      font_size: fields.terminal.font_size.default(13),
      line_height: fields.terminal.line_height.default(1.2),
      cursor: fields.terminal.cursor.default('block'),
      cursor_blink: fields.terminal.cursor_blink.default(true),
      bell: fields.terminal.bell.default('visual'),
      scrollback: fields.terminal.scrollback.default(10_000),
      copy_on_select: fields.terminal.copy_on_select.default(false),
      right_click: fields.terminal.right_click.default('menu'),
      paste_guard: fields.terminal.paste_guard.default(true),
      renderer: fields.terminal.renderer.default('auto'),
      screen_reader: fields.terminal.screen_reader.default(false),
    })
    .prefault({}),
  shortcuts: shortcuts.default({}),
  network: z
    .object({
      proxy: fields.network.proxy.default('system'),
      proxy_url: fields.network.proxy_url.default(''),
      extra_ca_file: fields.network.extra_ca_file.default(''),
    })
    .prefault({}),
  notifications: z.object({ sessions: fields.notifications.sessions.default(true) }).prefault({}),
});
export type Settings = z.infer<typeof settings>;

/** A change: any part of it, two levels deep; what is left out stays. Shortcuts are one value. */
export const settingsPatch = z.object({
  appearance: z.object(fields.appearance).partial().optional(),
  terminal: z.object(fields.terminal).partial().optional(),
  shortcuts: shortcuts.optional(),
  network: z.object(fields.network).partial().optional(),
  notifications: z.object(fields.notifications).partial().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatch>;

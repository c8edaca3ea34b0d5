/** Schemas are checked without code made from text, which the page's policy refuses: imported before any schema is used. */
import { config } from 'zod';

config({ jitless: true });

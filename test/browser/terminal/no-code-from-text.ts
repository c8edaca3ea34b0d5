/** The policy lets no code be made from text. Imported before any schema is made: zod would try. */
import { config } from 'zod';

config({ jitless: true });

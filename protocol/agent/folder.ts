/** The agent's configuration folder, as far as other programs of the same person read it. */
import { z } from 'zod';

/** What it knows of itself, with its private key. */
export const CONFIG_FILE = 'agent.json';
/** How it is, while it runs. */
export const STATUS_FILE = 'status.json';

/** The part of the configuration that is nobody's secret. */
export const registration = z.object({ host: z.string(), agent_id: z.string(), name: z.string() });
export type Registration = z.infer<typeof registration>;

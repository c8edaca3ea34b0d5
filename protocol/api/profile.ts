/** What somebody sees and changes of the own account. */
import { z } from 'zod';
import { rows } from './row.ts';
import { message, newPassword, objectId, time, typedPassword } from './values.ts';

/** `api_key` is masked but for its last four. */
const ownProfile = z.object({
  id: objectId,
  username: z.string(),
  email: z.string(),
  api_key: z.string().nullable(),
  avatar_url: z.string().nullable(),
  created_at: time,
});

export const profile = rows({
  get: {
    method: 'GET',
    path: '/api/profile',
    access: 'signed-in',
    rate: 'read',
    answer: { 200: z.object({ user: ownProfile }) },
  },
  regenerateKey: {
    method: 'POST',
    path: '/api/profile/regenerate-api-key',
    access: 'signed-in',
    rate: 'write',
    /** The only time the key is shown. */
    answer: { 200: z.object({ message: z.string(), api_key: z.string() }) },
    audit: 'api_key_regenerated',
  },
  resetPassword: {
    method: 'POST',
    path: '/api/profile/reset-password',
    access: 'signed-in',
    rate: 'guess',
    body: z.object({ current_password: typedPassword, new_password: newPassword }),
    answer: { 200: message },
    refuses: ['wrong-password', 'slow-down'],
    audit: 'password_changed',
  },
});

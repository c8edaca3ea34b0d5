/** Images that people bring along: for texts of the community, and of themselves. */
import { z } from 'zod';
import { rows } from './row.ts';

/** Where an image is had again. */
export const UPLOADS = '/api/community/uploads';
/** 5 MiB. */
const MOST_BYTES = 5 * 1024 * 1024;

/** Given to browsers as it is, and never fetched by this server. */
export const avatarUrl = z
  .url({ protocol: /^https$/, error: 'must be an address that begins with https://' })
  .max(2048)
  .refine((text) => !/^https:[/\\]*[^/\\?#]*@/i.test(text), 'must not hold a user name or a password');

export const uploads = rows({
  add: {
    kind: 'upload',
    method: 'POST',
    path: '/api/community/upload',
    access: 'signed-in',
    rate: 'write',
    maxBytes: MOST_BYTES,
    answer: { 200: z.object({ url: z.string() }) },
    refuses: ['not-an-image', 'image-damaged', 'image-too-large', 'too-many-uploads'],
    audit: 'image_uploaded',
  },
  get: {
    kind: 'stream',
    method: 'GET',
    path: '/api/community/uploads/:id',
    access: 'signed-in',
    rate: 'read',
    params: z.object({ id: z.uuid() }),
    mediaType: 'image/*',
    refuses: ['not-found'],
  },
  avatar: {
    kind: 'upload',
    method: 'POST',
    path: '/api/profile/upload-avatar',
    access: 'signed-in',
    rate: 'write',
    maxBytes: MOST_BYTES,
    body: z.object({ avatar_url: avatarUrl }),
    answer: { 200: z.object({ message: z.string(), avatar_url: z.string() }) },
    refuses: ['not-an-image', 'image-damaged', 'image-too-large'],
    audit: 'avatar_changed',
  },
});

/** Every error code of the REST contract, with its status and its sentence. A code, once published, never changes its meaning. */
import { z } from 'zod';

export const errors = {
  'bad-request': { status: 400, sentence: 'The request could not be understood.' },
  'file-missing': { status: 400, sentence: 'Send one file as multipart/form-data, in the field "file".' },
  'several-files': { status: 400, sentence: 'Send one file at a time.' },
  'upload-malformed': {
    status: 400,
    sentence: 'The upload could not be read: it is no multipart/form-data, or its end is missing.',
  },
  'image-damaged': { status: 400, sentence: 'The image is damaged or its end is missing.' },
  'bad-json': { status: 400, sentence: 'The body is not valid JSON.' },
  'invalid-fields': { status: 400, sentence: 'Some fields are missing or not valid.' },
  'wrong-password': { status: 400, sentence: 'The current password is not right.' },
  'wrong-credentials': { status: 401, sentence: 'The email address or the password is not right.' },
  'not-signed-in': { status: 401, sentence: 'Sign in to do this.' },
  'token-invalid': { status: 401, sentence: 'This sign-in is not valid. Sign in again.' },
  'token-expired': { status: 401, sentence: 'This sign-in has expired. Sign in again.' },
  'token-revoked': { status: 401, sentence: 'This sign-in was ended. Sign in again.' },
  'code-wrong': { status: 401, sentence: 'This code is not right, or no longer good.' },
  'code-expired': { status: 401, sentence: 'This code is used up. Ask for a new one.' },
  'flow-dead': {
    status: 401,
    sentence: 'This sign-in took too long, was used already, or was begun elsewhere. Begin it again.',
  },
  'registration-token-dead': {
    status: 401,
    sentence: 'This registration token is wrong, used or expired. Make a new one.',
  },
  'account-disabled': { status: 403, sentence: 'This account is disabled. Ask an admin of your organization.' },
  'organization-disabled': { status: 403, sentence: 'This organization is disabled.' },
  'provider-refused': { status: 403, sentence: 'The provider did not sign you in.' },
  'email-not-verified': {
    status: 403,
    sentence: 'The provider does not vouch for your email address. Verify it there, or sign in with your password.',
  },
  'account-unknown': {
    status: 403,
    sentence: 'Nobody here has the email address of that account. Ask an admin to add you, or sign up.',
  },
  'role-too-low': { status: 403, sentence: 'Your role does not allow this.' },
  'wrong-host': { status: 403, sentence: 'This server does not answer for that host name.' },
  'wrong-origin': { status: 403, sentence: 'This server does not answer requests of other sites.' },
  'not-vouched': { status: 403, sentence: 'This service answers only what the service before it hands on.' },
  'not-found': { status: 404, sentence: 'There is nothing here, or you may not see it.' },
  'provider-not-configured': { status: 404, sentence: 'This server has no sign-in by that provider.' },
  'unknown-route': { status: 404, sentence: 'This server has no such address.' },
  'wrong-method': { status: 405, sentence: 'This address does not take that method.' },
  'username-taken': { status: 409, sentence: 'This user name is taken.' },
  'organization-taken': { status: 409, sentence: 'An organization of this name exists already.' },
  'email-taken': { status: 409, sentence: 'This email address has an account here already.' },
  'name-taken': { status: 409, sentence: 'This name is taken.' },
  'last-admin': { status: 409, sentence: 'An organization keeps one admin at least. Make somebody else one first.' },
  'not-yourself': { status: 409, sentence: 'Nobody does this to the own account. Ask another admin.' },
  'role-not-here': {
    status: 409,
    sentence:
      'This role does not exist in that organization: super admins are of the platform, company admins are not.',
  },
  'not-a-member': { status: 409, sentence: 'Only somebody of this organization can do this.' },
  'platform-stays': { status: 409, sentence: 'The platform’s own organization can neither be disabled nor deleted.' },
  'too-slow': { status: 408, sentence: 'The request took too long to arrive.' },
  'too-large': { status: 413, sentence: 'The request is too large.' },
  'image-too-large': { status: 413, sentence: 'The image has more pixels than this server takes.' },
  'wrong-media-type': {
    status: 415,
    sentence: 'Send the body as application/json, or where a file is wanted as multipart/form-data.',
  },
  'not-an-image': { status: 415, sentence: 'The file is no PNG, JPEG, GIF or WebP image, whatever its name says.' },
  'upgrade-required': { status: 426, sentence: 'This address speaks WebSocket only.' },
  'headers-too-large': { status: 431, sentence: 'The headers of the request are too large.' },
  'slow-down': { status: 429, sentence: 'Too many tries. Wait a little, then try again.' },
  'too-many-uploads': {
    status: 429,
    sentence: 'You have uploaded many files that are used nowhere. Use them, or wait until they are forgotten.',
  },
  'too-many-sessions': { status: 429, sentence: 'You have as many open sessions as are allowed. End one first.' },
  unexpected: { status: 500, sentence: 'Something went wrong on the server. It was logged under the request id.' },
  'machine-offline': { status: 503, sentence: 'The machine is not connected right now.' },
  'mail-failed': {
    status: 503,
    sentence: 'The mail with your code could not be sent. Try again, or tell who runs this server.',
  },
  'provider-failed': { status: 503, sentence: 'The provider could not be reached, or answered with nothing of use.' },
  'storage-full': { status: 503, sentence: 'The server cannot write its data. Its disk may be full.' },
  'service-unavailable': { status: 503, sentence: 'A part of the server does not answer right now. Try again.' },
  'store-unavailable': { status: 503, sentence: 'The server does not get at its data right now. Try again.' },
  'not-ready': { status: 503, sentence: 'The server is starting or stopping.' },
} as const;

export type ErrorCode = keyof typeof errors;

/** The body of every refusal. `code` is a plain string to the reader: another server of this API may know other codes, or none. */
export const errorBody = z.object({
  error: z.string(),
  code: z.string().optional(),
  request_id: z.string().optional(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ErrorBody = z.infer<typeof errorBody>;

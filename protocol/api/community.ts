/** What people of an organization tell each other about their machines: issues and fixes. Texts are Markdown, kept as written: who shows them renders them safely. */
import { z } from 'zod';
import { tags } from './machines.ts';
import { rows } from './row.ts';
import { eitherMachineId, message, objectId, pageOf, time } from './values.ts';

const title = z.string().trim().min(1).max(200);
const text = z.string().trim().min(1).max(20_000);

export const issueStatus = z.enum(['open', 'resolved', 'closed']);
export type IssueStatus = z.infer<typeof issueStatus>;

export const issue = z.object({
  id: objectId,
  title: z.string(),
  description: z.string(),
  machine_id: objectId.nullable(),
  tags: z.array(z.string()),
  author_id: objectId,
  author_username: z.string(),
  status: issueStatus,
  created_at: time,
  updated_at: time,
});
export type Issue = z.infer<typeof issue>;
/** As lists show it. */
export const issueSummary = issue
  .pick({ id: true, title: true, status: true, author_username: true, created_at: true, tags: true })
  .extend({ fix_count: z.int() });
export type IssueSummary = z.infer<typeof issueSummary>;
export const fix = z.object({
  fix_id: objectId,
  issue_id: objectId,
  content: z.string(),
  author_username: z.string(),
  likes: z.int(),
  liked_by_me: z.boolean(),
  accepted: z.boolean(),
  created_at: time,
});
export type Fix = z.infer<typeof fix>;

const byId = z.object({ id: objectId });
const byFix = z.object({ id: objectId, fix_id: objectId });

export const community = rows({
  listIssues: {
    method: 'GET',
    path: '/api/community/issues',
    access: 'signed-in',
    rate: 'read',
    query: z.object({
      status: issueStatus.optional(),
      q: z.string().max(200).optional(),
      tag: z.string().max(40).optional(),
      ...pageOf,
    }),
    answer: { 200: z.object({ issues: z.array(issueSummary), total: z.int().optional() }) },
  },
  createIssue: {
    method: 'POST',
    path: '/api/community/issues',
    access: 'signed-in',
    rate: 'write',
    body: z.object({ title, description: text, machine_id: eitherMachineId.optional(), tags: tags.optional() }),
    answer: { 201: z.object({ issue }) },
    audit: 'issue_created',
  },
  getIssue: {
    method: 'GET',
    path: '/api/community/issues/:id',
    access: 'issue-visible',
    rate: 'read',
    params: byId,
    answer: { 200: z.object({ issue }) },
    refuses: ['not-found'],
  },
  updateIssue: {
    method: 'PUT',
    path: '/api/community/issues/:id',
    access: 'issue-author',
    rate: 'write',
    params: byId,
    body: z
      .object({ title, description: text, status: issueStatus, tags })
      .partial()
      .refine((change) => Object.values(change).some((value) => value !== undefined), 'must change something'),
    answer: { 200: z.object({ issue }) },
    refuses: ['not-found', 'role-too-low'],
    audit: 'issue_updated',
  },
  deleteIssue: {
    method: 'DELETE',
    path: '/api/community/issues/:id',
    access: 'issue-author',
    rate: 'write',
    params: byId,
    answer: { 200: message },
    refuses: ['not-found', 'role-too-low'],
    audit: 'issue_deleted',
  },
  listFixes: {
    method: 'GET',
    path: '/api/community/issues/:id/fixes',
    access: 'issue-visible',
    rate: 'read',
    params: byId,
    query: z.object(pageOf),
    answer: { 200: z.object({ fixes: z.array(fix), total: z.int().optional() }) },
    refuses: ['not-found'],
  },
  createFix: {
    method: 'POST',
    path: '/api/community/issues/:id/fixes',
    access: 'issue-visible',
    rate: 'write',
    params: byId,
    body: z.object({ content: text }),
    answer: { 201: z.object({ fix }) },
    refuses: ['not-found'],
    audit: 'fix_created',
  },
  like: {
    method: 'POST',
    path: '/api/community/issues/:id/fixes/:fix_id/like',
    access: 'issue-visible',
    rate: 'write',
    params: byFix,
    answer: { 200: message },
    refuses: ['not-found', 'not-a-member'],
    audit: 'fix_liked',
  },
  unlike: {
    method: 'DELETE',
    path: '/api/community/issues/:id/fixes/:fix_id/like',
    access: 'issue-visible',
    rate: 'write',
    params: byFix,
    answer: { 200: message },
    refuses: ['not-found'],
    audit: 'fix_unliked',
  },
  accept: {
    method: 'POST',
    path: '/api/community/issues/:id/fixes/:fix_id/accept',
    access: 'issue-author',
    rate: 'write',
    params: byFix,
    answer: { 200: message },
    refuses: ['not-found', 'role-too-low'],
    audit: 'fix_accepted',
  },
});

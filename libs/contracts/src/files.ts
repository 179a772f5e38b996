import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { FileInfo } from './events.js';
import { Id, PathId, Time } from './ids.js';
import { PageQuery, pageOf } from './page.js';

export const scanStates = ['unscanned', 'pending', 'clean', 'infected', 'error', 'too_large'] as const;

export const StoredFile = FileInfo.extend({
  id: Id.describe('File id'),
  state: z.enum(['uploading', 'ready']).describe('Only a ready file can be sent and downloaded'),
  scan: z.enum(scanStates).describe('What the scanner says; unscanned: there is none'),
  isAvailable: z.boolean().describe('Whether its content can be had now, as uploads and the scanner stand'),
}).meta({ id: 'StoredFile', description: 'An uploaded file' });
export type StoredFile = z.infer<typeof StoredFile>;

export const SentFile = FileInfo.extend({
  id: Id.describe('File id'),
  messageId: Id.describe('The message that brought it'),
  seq: z.number().int().describe('Place of that message in the conversation'),
  ownerId: Id.describe('Who uploaded it'),
  uploadedAt: Time.describe('When its upload began'),
  scan: z.enum(scanStates).describe('What the scanner says; unscanned: there is none'),
  isAvailable: z.boolean().describe('Whether its content can be had now'),
}).meta({ id: 'SentFile', description: 'A file that was sent in a conversation' });
export type SentFile = z.infer<typeof SentFile>;

export const QuarantinedFile = z
  .object({
    fileId: Id.describe('File id'),
    ownerId: Id.describe('Who uploaded it'),
    ownerName: z.string().nullable().describe('Their name; null where the directory no longer has them'),
    foundAt: Time.describe('When harm was found'),
    finding: z.string().describe('What was found, as the scanner names it'),
    size: z.number().int().describe('Bytes'),
    mediaType: z.string().describe('Type found in the content'),
    conversations: z.number().int().describe('Conversations it had been sent to; all of them were told'),
  })
  .meta({ id: 'QuarantinedFile', description: 'A file in which harm was found; nobody can have it' });
export type QuarantinedFile = z.infer<typeof QuarantinedFile>;

const params = z.object({ fileId: PathId.describe('File id') });

/**
 * Uploads follow tus 1.0.0 (https://tus.io/protocols/resumable-upload): POST creates and answers with a Location,
 * PATCH appends, HEAD tells the offset, DELETE gives up. `Upload-Metadata` carries `filename`.
 */
export const filesApi = {
  createUpload: endpoint({
    id: 'createUpload',
    area: 'files',
    method: 'POST',
    path: '/files',
    summary: 'Begin an upload (tus creation); the Location ends with the file id',
    callers: ['employee'],
    answers: { 201: 'The upload may begin; its address is in Location' },
    errors: ['file.too_large', 'file.upload_invalid', 'file.quota_exceeded', 'service.unavailable'],
  }),
  uploadOffset: endpoint({
    id: 'uploadOffset',
    area: 'files',
    method: 'HEAD',
    path: '/files/:fileId',
    summary: 'How far an upload is (tus), in Upload-Offset',
    callers: ['employee'],
    params,
    answers: { 200: 'Upload-Offset and Upload-Length' },
    errors: ['file.not_found', 'file.upload_invalid'],
  }),
  appendUpload: endpoint({
    id: 'appendUpload',
    area: 'files',
    method: 'PATCH',
    path: '/files/:fileId',
    summary: 'Append bytes to an upload (tus)',
    callers: ['employee'],
    params,
    answers: { 204: 'Stored up to Upload-Offset' },
    errors: ['file.not_found', 'file.upload_invalid', 'file.type_refused', 'service.unavailable'],
  }),
  cancelUpload: endpoint({
    id: 'cancelUpload',
    area: 'files',
    method: 'DELETE',
    path: '/files/:fileId',
    summary: 'Give up an upload that is not complete (tus termination)',
    callers: ['employee'],
    params,
    answers: { 204: 'The upload is gone' },
    errors: ['file.not_found', 'file.upload_invalid'],
  }),
  file: endpoint({
    id: 'file',
    area: 'files',
    method: 'GET',
    path: '/files/:fileId',
    summary: 'What is known of a file',
    callers: ['employee'],
    params,
    answers: { 200: StoredFile },
    errors: ['file.not_found'],
  }),
  sentFiles: endpoint({
    id: 'sentFiles',
    area: 'files',
    method: 'GET',
    path: '/files',
    summary:
      'Files sent in a conversation, as far as the caller may read it, latest first; the latest 10,000 are looked through',
    callers: ['employee'],
    query: PageQuery.extend({
      conversationId: Id.describe('The conversation'),
      kind: z.enum(['image', 'other']).optional().describe('Only images, or only what is none'),
      name: z.string().max(100).optional().describe('Only files whose name contains this, in any case'),
    }),
    answers: { 200: pageOf(SentFile) },
    errors: ['conversation.not_a_member'],
  }),
  fileContent: endpoint({
    id: 'fileContent',
    area: 'files',
    method: 'GET',
    path: '/files/:fileId/content',
    summary: 'The bytes, whole or a Range; the session may also be shown by cookie, for <img> and <video>',
    callers: ['employee'],
    params,
    query: z.object({
      download: z.enum(['1']).optional().describe('1: always as an attachment, never shown in the page'),
    }),
    answers: { 200: 'The whole file', 206: 'The asked range', 304: 'What the caller has is right' },
    errors: [
      'file.not_found',
      'file.not_ready',
      'file.held',
      'file.infected',
      'file.range_invalid',
      'service.unavailable',
    ],
  }),
  filePreview: endpoint({
    id: 'filePreview',
    area: 'files',
    method: 'GET',
    path: '/files/:fileId/preview',
    summary: 'A smaller image of an image, for <img>; nothing of what cameras note is in it',
    callers: ['employee'],
    params,
    query: z.object({
      form: z
        .enum(['small', 'large'])
        .default('small')
        .describe('Longest edge: small 480 pixels, large 1920; never more than the image itself has'),
    }),
    answers: { 200: 'The image, as WebP', 304: 'What the caller has is right' },
    errors: [
      'file.not_found',
      'file.not_ready',
      'file.held',
      'file.infected',
      'file.no_preview',
      'service.unavailable',
    ],
  }),
  quarantine: endpoint({
    id: 'quarantine',
    area: 'administration',
    method: 'GET',
    path: '/admin/files/quarantine',
    summary: 'Files in which harm was found, latest first',
    callers: ['security-admin'],
    query: PageQuery,
    answers: { 200: pageOf(QuarantinedFile) },
  }),
};

import { z } from 'zod';
import { endpoint } from './endpoint.js';

const healthy = z.object({ status: z.literal('ok').describe('Always ok') });

export const serviceApi = {
  live: endpoint({
    id: 'live',
    area: 'service',
    method: 'GET',
    path: '/health/live',
    summary: 'The process runs',
    callers: ['anyone'],
    answers: { 200: healthy },
  }),
  ready: endpoint({
    id: 'ready',
    area: 'service',
    method: 'GET',
    path: '/health/ready',
    summary: 'The process can serve; 503 while it starts, drains, or lacks a part',
    callers: ['anyone'],
    answers: { 200: healthy },
    errors: ['service.unavailable'],
  }),
  openapi: endpoint({
    id: 'openapi',
    area: 'service',
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as an OpenAPI 3.1 document',
    callers: ['anyone'],
    answers: { 200: 'The document' },
  }),
  asyncapi: endpoint({
    id: 'asyncapi',
    area: 'service',
    method: 'GET',
    path: '/asyncapi.json',
    summary: 'The socket as an AsyncAPI 3.0 document',
    callers: ['anyone'],
    answers: { 200: 'The document' },
  }),
  reference: endpoint({
    id: 'reference',
    area: 'service',
    method: 'GET',
    path: '/reference',
    summary: 'Both as a page to read',
    callers: ['anyone'],
    answers: { 200: 'An HTML page' },
  }),
};

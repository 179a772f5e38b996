/**
 * What travels on the wire, written once: HTTP calls, socket events, log events, error codes, roles and bounds.
 *
 * Owns: every wire name and shape. Promises: runs in browsers and Node alike; a shape is a zod schema whose every
 * field is described. Must not: import anything of ours, or anything but zod.
 */
export * from './access.js';
export * from './administration.js';
export * from './api.js';
export * from './audit.js';
export * from './bots.js';
export * from './conversations.js';
export * from './conversations-admin.js';
export * from './department-groups.js';
export * from './devices.js';
export * from './directory.js';
export * from './directory-sources.js';
export * from './endpoint.js';
export * from './errors.js';
export * from './events.js';
export * from './files.js';
export * from './identity-provider.js';
export * from './identity-providers.js';
export * from './ids.js';
export * from './limits.js';
export * from './messages.js';
export * from './page.js';
export * from './policies.js';
export * from './roles.js';
export * from './second-factors.js';
export * from './service.js';
export * from './socket.js';
export * from './sync.js';
export * from './synchronisation.js';
export * from './visibility.js';

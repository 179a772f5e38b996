import { z } from 'zod';
import { endpoint } from './endpoint.js';
import { Id } from './ids.js';
import { AdministratorRole } from './roles.js';

export const platforms = ['web', 'desktop', 'node', 'console'] as const;

export const Login = z.object({
  username: z
    .string()
    .min(1)
    .max(256)
    .describe(
      'User name as in the directory, alone or as user@domain or DOMAIN\\\\user, or staff number where allowed; or the name of an administrator',
    ),
  password: z.string().max(1024).describe('Password; never stored, never logged'),
  device: z
    .object({
      name: z.string().min(1).max(120).describe('Shown in the list of devices, such as "Chrome on Windows"'),
      platform: z.enum(platforms).describe('web and console get their refresh token as a cookie'),
    })
    .describe('The device that signs in'),
});

export const Me = z
  .object({
    id: Id.describe('Person id of an employee, account id of an administrator'),
    kind: z
      .enum(['person', 'administrator', 'bot'])
      .describe('Employees come from the directory; administrators and bots are local'),
    username: z.string().describe('Name used at sign-in'),
    displayName: z.string().describe('Name shown to others'),
    role: AdministratorRole.nullable().describe('Role of an administrator; null for others'),
  })
  .meta({ id: 'Me', description: 'Who is signed in' });
export type Me = z.infer<typeof Me>;

export const SignedIn = z
  .object({
    accessToken: z.string().describe('Bearer token of every other request'),
    refreshToken: z
      .string()
      .nullable()
      .describe(
        'Good for one refresh; null where it was set as an HttpOnly cookie (platforms web and console)',
      ),
    expiresIn: z.number().int().describe('Seconds until the access token expires'),
    sessionId: Id.describe('The session, as in the list of devices'),
    user: Me.describe('Who is signed in'),
  })
  .meta({ id: 'SignedIn', description: 'A session and its tokens' });
export type SignedIn = z.infer<typeof SignedIn>;

export const accessApi = {
  login: endpoint({
    id: 'login',
    area: 'access',
    method: 'POST',
    limit: 'sign-in',
    path: '/auth/login',
    summary: 'Sign in with user name and password',
    callers: ['anyone'],
    body: Login,
    answers: { 200: SignedIn },
    errors: [
      'auth.invalid_credentials',
      'auth.account_disabled',
      'auth.account_locked',
      'auth.account_expired',
      'auth.password_expired',
      'auth.password_must_change',
      'auth.hours_restricted',
      'auth.device_restricted',
      'auth.second_factor_required',
      'auth.too_many_devices',
      'auth.too_many_attempts',
      'rate.limited',
      'auth.directory_unavailable',
    ],
  }),
  refresh: endpoint({
    id: 'refresh',
    area: 'access',
    method: 'POST',
    path: '/auth/refresh',
    summary: 'Exchange a refresh token, which works once, for new tokens',
    callers: ['anyone'],
    body: z.object({
      refreshToken: z.string().max(512).optional().describe('Absent where the token is a cookie'),
      platform: z.enum(['web', 'console']).default('web').describe('Whose cookie, where the token is one'),
    }),
    answers: { 200: SignedIn },
    errors: ['auth.session_ended'],
  }),
  logout: endpoint({
    id: 'logout',
    area: 'access',
    method: 'POST',
    path: '/auth/logout',
    summary: 'End this session on every process',
    callers: ['signed-in'],
    answers: { 204: 'The session has ended' },
  }),
  me: endpoint({
    id: 'me',
    area: 'access',
    method: 'GET',
    path: '/me',
    summary: 'Who is signed in',
    callers: ['signed-in'],
    answers: { 200: Me },
  }),
};

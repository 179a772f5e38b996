import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import jsonwebtoken from 'jsonwebtoken';
import { ServiceSecret } from '#keys';
import { cryptoSuite, secretKey, type SecretKey } from '#platform';

/** `api` opens every door, `media` only lets <img> and <video> fetch content. */
export type TokenUse = 'api' | 'media';

const algorithm = 'HS256';

/** Makes and reads the tokens of sessions. An access token only names its session; rights are looked up each time. */
@Injectable()
export class Tokens {
  private readonly key: SecretKey;
  /** Tells the cookies of this installation from those of another on the same host. */
  readonly installation: string;

  constructor(secret: ServiceSecret) {
    const key = cryptoSuite.derive(secret.bytes, Buffer.alloc(0), 'chancery access tokens');
    this.key = secretKey(key);
    this.installation = createHash('sha256').update(key).digest('hex').slice(0, 8);
  }

  issue(sessionId: string, use: TokenUse, seconds: number): string {
    return jsonwebtoken.sign({ sid: sessionId, use }, this.key, { algorithm, expiresIn: seconds });
  }

  /** The session a token names; undefined when it is not ours, of another use, or expired. */
  read(token: string, use: TokenUse): string | undefined {
    try {
      const claims = jsonwebtoken.verify(token, this.key, { algorithms: [algorithm] });
      if (typeof claims !== 'object' || claims['use'] !== use || typeof claims['sid'] !== 'string')
        return undefined;
      return claims['sid'];
    } catch {
      return undefined;
    }
  }

  /** A refresh token and the digest that is stored in its place. */
  newRefreshToken(sessionId: string): { token: string; hash: Buffer } {
    const token = `${sessionId}.${randomBytes(32).toString('base64url')}`;
    return { token, hash: refreshHash(token) };
  }
}

export const refreshHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The session a refresh token belongs to, by its form alone. */
export const refreshSession = (token: string): string => token.slice(0, 36);

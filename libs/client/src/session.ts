import type { FactorProof, Me, NewFactor, SignedIn } from '#contracts';
import { isSessionOver, RefusedError } from './errors.js';
import type { Credentials, Http } from './http.js';

/** An access token is exchanged when less than this is left of it. */
const marginMs = 30_000;

export type Platform = 'web' | 'desktop' | 'node' | 'console';

export interface SignInForm {
  username: string;
  password: string;
  /** Shown in the list of devices. */
  deviceName: string;
}

export interface SessionOptions {
  platform: Platform;
  /** A token that lives as long as its session and is never exchanged, as issued for load tests. */
  fixedToken?: string;
  /** Where the platform keeps no cookie: the token to go on with, and who wants to hear of its successors. */
  refreshToken?: string;
  onRefreshToken?: (token: string | undefined) => void;
}

/**
 * Who is signed in and with which tokens. Tokens are exchanged before they expire, by one exchange at a time
 * however many requests need it. In a browser the refresh token is a cookie no script can read.
 */
export class Session implements Credentials {
  private accessToken: string | undefined;
  private expiresAt = 0;
  private refreshToken: string | undefined;
  private exchange: Promise<SignedIn> | undefined;
  private current: Me | undefined;

  constructor(
    private readonly http: Http,
    private readonly options: SessionOptions,
    private readonly onOver: () => void,
  ) {
    this.refreshToken = options.refreshToken;
    http.use(this);
  }

  get user(): Me | undefined {
    return this.current;
  }

  async signIn({ username, password, deviceName }: SignInForm): Promise<Me> {
    const { platform } = this.options;
    return this.accept(
      await this.http.call('login', { body: { username, password, device: { name: deviceName, platform } } }),
    ).user;
  }

  /** Continues a sign-in that was answered with `auth.second_factor_required`. */
  async finishSignIn(pending: string, proof: FactorProof): Promise<Me> {
    return this.accept(await this.http.call('finishSignIn', { body: { pending, proof } })).user;
  }

  /** Begins a session in a browser that came back from an identity provider. */
  async signInFromProvider(deviceName: string): Promise<Me> {
    const device = { name: deviceName, platform: this.options.platform };
    return this.accept(await this.http.call('finishProviderSignIn', { body: { device } })).user;
  }

  /** As `finishSignIn`, where a second factor has to be set up first. @returns recovery codes, to be shown once */
  async enrolAtSignIn(
    pending: string,
    name: string,
    factor: NewFactor,
  ): Promise<{ user: Me; recoveryCodes: string[] }> {
    const body = { pending, name, factor };
    const { signedIn, recoveryCodes } = await this.http.call('enrolAtSignIn', { body });
    return { user: this.accept(signedIn).user, recoveryCodes };
  }

  /** Goes on with the session of last time. Throws RefusedError `auth.session_ended` where there is none. */
  async resume(): Promise<Me> {
    if (this.options.fixedToken !== undefined) {
      this.current = await this.http.call('me', {});
      return this.current;
    }
    return (await this.refresh()).user;
  }

  async token(): Promise<string> {
    if (this.options.fixedToken !== undefined) return this.options.fixedToken;
    if (this.accessToken !== undefined && performance.now() < this.expiresAt - marginMs)
      return this.accessToken;
    return (await this.refresh()).accessToken;
  }

  async renewed(refused: string): Promise<string> {
    if (this.options.fixedToken !== undefined) throw this.over(new RefusedError('auth.session_ended'));
    if (this.accessToken !== undefined && this.accessToken !== refused) return this.accessToken;
    return (await this.refresh()).accessToken;
  }

  /** Ends the session on the service, as far as it can be reached, and here in any case. */
  async signOut(): Promise<void> {
    try {
      await this.http.call('logout', {});
    } finally {
      this.forget();
    }
  }

  private refresh(): Promise<SignedIn> {
    this.exchange ??= this.exchangeTokens().finally(() => {
      this.exchange = undefined;
    });
    return this.exchange;
  }

  private async exchangeTokens(): Promise<SignedIn> {
    const { platform } = this.options;
    const isCookie = platform === 'web' || platform === 'console';
    if (!isCookie && this.refreshToken === undefined) throw this.over(new RefusedError('auth.session_ended'));
    try {
      const body = isCookie ? { platform } : { refreshToken: this.refreshToken };
      return this.accept(await this.http.call('refresh', { body }));
    } catch (error) {
      throw isSessionOver(error) ? this.over(error) : error;
    }
  }

  private accept(signedIn: SignedIn): SignedIn {
    this.accessToken = signedIn.accessToken;
    // By a clock that nobody sets: whether that of the day is right here or on the service does not matter.
    this.expiresAt = performance.now() + signedIn.expiresIn * 1000;
    this.current = signedIn.user;
    if (signedIn.refreshToken !== null) {
      this.refreshToken = signedIn.refreshToken;
      this.options.onRefreshToken?.(signedIn.refreshToken);
    }
    return signedIn;
  }

  private over<E>(error: E): E {
    this.forget();
    this.onOver();
    return error;
  }

  private forget(): void {
    this.accessToken = undefined;
    this.refreshToken = undefined;
    this.options.onRefreshToken?.(undefined);
  }
}

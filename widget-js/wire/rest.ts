/**
 * HTTP to Porchlight: JSON in and out, problem+json as a typed error, one renewal of the
 * token when the server says it is over.
 *
 * Promises: every failure is a `Problem` (also a dead network, `status` 0, code `network`);
 * a request is repeated at most once and only after 401; retrying anything else is the
 * caller's decision, because only the caller knows whether the request may be repeated.
 */

export interface FieldProblem {
  field: string;
  code: string;
  detail: string;
}

export interface ProblemBody {
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  request_id?: string;
  fields?: FieldProblem[];
  [extra: string]: unknown;
}

export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | null;
  readonly fields: FieldProblem[];

  constructor(
    readonly status: number,
    /** The whole body, for problems that carry more (`tenant_required` lists tenants). */
    readonly body: ProblemBody,
    readonly retryAfterMs: number | null = null,
  ) {
    super(body.detail || body.title || body.code || `HTTP ${status}`);
    this.code = body.code ?? (status === 0 ? "network" : `http_${status}`);
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.requestId = body.request_id ?? null;
    this.fields = Array.isArray(body.fields) ? body.fields : [];
  }

  /** True when the same request may succeed later without anybody changing it. */
  get temporary(): boolean {
    const { status } = this;
    return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
  }
}

export interface RestOptions {
  /** Prefix of every path, for example "" or "https://w.example". */
  base?: string;
  /** The access token now, or null when there is none. */
  token?: () => string | null;
  /** Called once after a 401; returns the new token, or null when the session is over. */
  refresh?: () => Promise<string | null>;
  fetch?: typeof fetch;
  credentials?: RequestCredentials;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

export interface RequestOptions {
  body?: unknown;
  query?: Record<string, string | number | boolean | null | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Send no token and never renew: sign-in, refresh, bootstrap. */
  anonymous?: boolean;
  keepalive?: boolean;
}

export interface Rest {
  request<T>(method: string, path: string, options?: RequestOptions): Promise<T>;
  get<T>(path: string, options?: RequestOptions): Promise<T>;
  post<T>(path: string, body?: unknown, options?: RequestOptions): Promise<T>;
  patch<T>(path: string, body: unknown, options?: RequestOptions): Promise<T>;
  remove<T = void>(path: string, options?: RequestOptions): Promise<T>;
}

export function createRest(options: RestOptions = {}): Rest {
  let renewing: Promise<string | null> | null = null;

  // Ten requests that meet the same dead token renew it once.
  const renew = () => {
    renewing ??= options.refresh!().finally(() => (renewing = null));
    return renewing;
  };

  async function request<T>(method: string, path: string, asked: RequestOptions = {}): Promise<T> {
    const token = asked.anonymous ? null : (options.token?.() ?? null);
    try {
      return await once<T>(method, path, asked, token);
    } catch (problem) {
      const over = problem instanceof Problem && problem.status === 401;
      if (!over || asked.anonymous || !options.refresh) throw problem;
      const fresh = await renew();
      if (!fresh) throw problem;
      return once<T>(method, path, asked, fresh);
    }
  }

  async function once<T>(
    method: string,
    path: string,
    asked: RequestOptions,
    token: string | null,
  ): Promise<T> {
    const answer = await send(method, path, asked, token);
    if (answer.status === 204 || answer.status === 205) return undefined as T;
    const body = await readJson(answer);
    if (!answer.ok) throw new Problem(answer.status, asProblem(body), retryAfter(answer));
    if (body === undefined) throw new Problem(0, { code: "bad_answer", title: "The answer was not JSON." });
    return body as T;
  }

  async function send(
    method: string,
    path: string,
    asked: RequestOptions,
    token: string | null,
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: "application/json", ...options.headers, ...asked.headers };
    if (asked.body !== undefined) headers["content-type"] = "application/json";
    if (token) headers["authorization"] = `Bearer ${token}`;
    const limit = deadline(asked.timeoutMs ?? options.timeoutMs ?? 20_000, asked.signal);
    const init: RequestInit = { method, headers, signal: limit.signal, cache: "no-store", redirect: "error" };
    if (asked.body !== undefined) init.body = JSON.stringify(asked.body);
    if (options.credentials) init.credentials = options.credentials;
    if (asked.keepalive) init.keepalive = true;
    try {
      return await (options.fetch ?? fetch)(`${options.base ?? ""}${path}${queryText(asked.query)}`, init);
    } catch (cause) {
      if (asked.signal?.aborted) throw cause;
      throw new Problem(0, { code: limit.passed() ? "timeout" : "network", title: "The server could not be reached." });
    } finally {
      limit.done();
    }
  }

  return {
    request,
    get: (path, asked) => request("GET", path, asked),
    post: (path, body, asked) => request("POST", path, { ...asked, ...(body === undefined ? {} : { body }) }),
    patch: (path, body, asked) => request("PATCH", path, { ...asked, body }),
    remove: (path, asked) => request("DELETE", path, asked),
  };
}

function queryText(query: RequestOptions["query"]): string {
  const pairs = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== "") pairs.set(key, String(value));
  }
  const text = pairs.toString();
  return text && `?${text}`;
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    // A proxy's HTML error page must still become a Problem with its status.
    return undefined;
  }
}

/** Whatever came, as the body of a problem. */
export function asProblem(body: unknown): ProblemBody {
  return typeof body === "object" && body !== null ? (body as ProblemBody) : {};
}

/** Retry-After in milliseconds; both forms of the header. */
export function retryAfter(answer: { headers: Pick<Headers, "get"> }, now: number = Date.now()): number | null {
  const text = answer.headers.get("retry-after");
  if (!text) return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** One signal out of a time limit and the caller's own signal. */
function deadline(ms: number, outer?: AbortSignal) {
  const controller = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, ms);
  const pass = () => controller.abort();
  if (outer?.aborted) pass();
  outer?.addEventListener("abort", pass, { once: true });
  return {
    signal: controller.signal,
    passed: () => late,
    done: () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", pass);
    },
  };
}

/** A reply button of a message on the phone. */
export interface ShownReply {
  readonly id: string;
  readonly title: string;
}

export interface ShownMessage {
  readonly id: string;
  readonly from: 'citizen' | 'municipality';
  readonly text: string;
  readonly webhook?: string;
  readonly replies: readonly ShownReply[];
}

export interface ShownMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly links: readonly string[];
}

/** What a person at the stage can do: write on the phone, read it, and read the departments' mails. */
export interface StageControl {
  readonly createCitizen: (name: string) => Promise<string>;
  /** Sends a citizen's message and returns its id. */
  readonly send: (citizen: string, message: object) => Promise<string>;
  readonly messages: (citizen: string) => Promise<readonly ShownMessage[]>;
  readonly mails: () => Promise<readonly ShownMail[]>;
}

/** The stage's control API at its base URL. Its calls reject with the status when they are refused. */
export function stageControl(url: string): StageControl {
  const call = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/control${path}`, {
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    });
    if (!response.ok) throw new Error(`the stage answered ${path} with ${response.status}`);
    return response.json();
  };
  return {
    async createCitizen(name) {
      return ((await call('/citizens', { name })) as { id: string }).id;
    },
    async send(citizen, message) {
      return ((await call(`/citizens/${citizen}/messages`, message)) as { id: string }).id;
    },
    async messages(citizen) {
      return ((await call(`/citizens/${citizen}/messages`)) as { messages: ShownMessage[] }).messages;
    },
    async mails() {
      return ((await call('/mails')) as { mails: ShownMail[] }).mails;
    },
  };
}

// What the soak's server does for its clients when nothing goes wrong.

import { Buffer } from "node:buffer";

const STDERR_LINE = `${"noise ".repeat(20)}\n`;

/** By name: `(conversation, id, args, progressToken)`. */
export const tools = {
  echo(conversation, id, args) {
    conversation.told(id, args, args.text);
  },

  slow(conversation, id, args) {
    conversation.later(id, args.ms, () => {
      conversation.told(id, args, args.text);
    });
  },

  big(conversation, id, args) {
    conversation.told(id, args, filling(args.text, args.bytes));
  },

  /** `args.steps` notifications, one every `args.ms`, then the answer. */
  progress(conversation, id, args, progressToken) {
    const step = (progress) => {
      if (progress > args.steps) return conversation.told(id, args, args.text);
      const params = { progressToken, progress, message: args.nonce };
      conversation.notify("notifications/progress", params, id);
      conversation.later(id, args.ms, () => step(progress + 1));
    };
    step(1);
  },

  /** Asks the client who it is, and answers with what it said. */
  async whoami(conversation, id, args) {
    const { client } = conversation;
    const params = {
      messages: [],
      maxTokens: 1,
      metadata: { client, nonce: args.nonce },
    };
    const method = "sampling/createMessage";
    const { result, error } = await conversation.ask(method, params, id);
    if (error) return conversation.told(id, args, `error: ${error.message}`);
    conversation.told(id, args, result.content.text);
  },

  /** Notifications that belong to no request, then the answer. */
  chatter(conversation, id, args) {
    const { client } = conversation;
    for (let index = 0; index < args.count; index++) {
      const filling = "x".repeat(args.bytes);
      const params = { level: "info", data: { client, index, filling } };
      conversation.notify("notifications/message", params, null);
    }
    conversation.told(id, args, args.text);
  },

  /** Notifications of changes: of the tools, and of the resource `args.uri` if somebody wants to hear of it. */
  change(conversation, id, args) {
    const { count = 1, bytes = 0, uri } = args;
    const _meta = { filling: "x".repeat(bytes) };
    for (let index = 0; index < count; index++) {
      const method = "notifications/tools/list_changed";
      conversation.notify(method, { _meta }, null);
    }
    if (conversation.subscribed.has(uri)) {
      conversation.notify("notifications/resources/updated", { uri }, null);
    }
    conversation.told(id, args, args.text);
  },

  stderr(conversation, id, args) {
    const lines = Math.ceil(args.bytes / STDERR_LINE.length);
    const noise = STDERR_LINE.repeat(lines);
    process.stderr.write(noise, () => conversation.told(id, args, args.text));
  },
};

/** `text` over and over, cut to `bytes`. */
function filling(text, bytes) {
  return Buffer.alloc(bytes, text, "latin1").toString("latin1");
}

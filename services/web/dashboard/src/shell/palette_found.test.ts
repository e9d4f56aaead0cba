import { expect, test, vi } from "vitest";
import { entriesOf, type Found } from "./palette_found.ts";

vi.mock("../router.ts", () => ({ goInbox: vi.fn() }));

const zoe = { id: "con_1", name: "Zoë", email: "zoe@shop.example", phone: null } as Found["contacts"][number]["contact"];

test("a message that was found is jumped to, and shows what was looked for", () => {
  const jump = vi.fn(async () => true);
  const excerpt = [{ text: "my ", hit: false }, { text: "Parcel", hit: true }];
  const message = { conversation_id: "cnv_1", seq: 7, message_id: "msg_1", contact_id: "con_1", contact_name: "Zoë", excerpt };
  const [entry] = entriesOf({ messages: [message], contacts: [] }, { threads: { jump } as never });
  expect(entry).toMatchObject({ name: "Zoë", hint: "my Parcel", marks: excerpt });
  entry?.run();
  expect(jump).toHaveBeenCalledWith("cnv_1", 7);
});

test("a person without a conversation leads nowhere and is not shown", () => {
  const found = { messages: [], contacts: [{ contact: zoe, conversation_id: null }, { contact: zoe, conversation_id: "cnv_2" }] };
  expect(entriesOf(found, { threads: {} as never }).map((entry) => entry.hint)).toEqual(["zoe@shop.example"]);
});

import { mayManage, useSelf } from "../session.ts";
import type { Part } from "./address.ts";
import { Arrived } from "./arrived.tsx";
import { Connect } from "./connect.tsx";
import { NumberPage } from "./number_page.tsx";
import { Overview } from "./overview.tsx";
import { NewTemplate } from "./template_builder.tsx";
import { TemplatePage } from "./template_page.tsx";
import { Templates } from "./templates.tsx";

/** Everything but how the numbers are doing is the administrators'. */
export default function WhatsAppScreen({ part }: { part: Part }) {
  const { agent } = useSelf();
  if (!mayManage(agent.role)) return <Overview manages={false} />;
  switch (part.at) {
    case "connect":
      return <Connect />;
    case "number":
      return <NumberPage key={part.id} id={part.id} tab={part.tab} />;
    case "templates":
      return <Templates status={part.status} q={part.q} />;
    case "template":
      return <TemplatePage key={part.id} id={part.id} />;
    case "new_template":
      return <NewTemplate />;
    case "arrived":
      return <Arrived state={part.state} number={part.number} />;
    default:
      return <Overview manages />;
  }
}

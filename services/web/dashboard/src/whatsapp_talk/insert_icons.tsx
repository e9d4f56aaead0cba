import type { ReactNode } from "react";
import { Contact, Link2, List, MapPin, SquareMousePointer } from "lucide-react";
import type { InsertKind } from "./insert.ts";

const icons = { buttons: SquareMousePointer, list: List, link: Link2, location: MapPin, contacts: Contact };

export function insertIcon(kind: InsertKind): ReactNode {
  const Icon = icons[kind];
  return <Icon size={15} aria-hidden />;
}

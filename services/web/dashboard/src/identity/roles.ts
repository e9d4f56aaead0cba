import type { Role } from "wire";
import type { Option } from "ui";
import { t } from "./words.ts";

const roles: readonly Role[] = ["owner", "admin", "supervisor", "agent", "viewer"];

/** What somebody may hand out: nobody makes an owner but an owner. */
export function roleOptions(giver: Role): Option<Role>[] {
  return roles
    .filter((role) => role !== "owner" || giver === "owner")
    .map((value) => ({ value, label: t(`role.${value}`), hint: t(`roleHint.${value}`) }));
}

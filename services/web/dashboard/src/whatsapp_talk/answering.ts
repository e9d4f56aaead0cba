/** The wish to answer a certain message travels to the composer as an event on the window. */
import { useEffect, useRef } from "react";

export interface Quoted {
  id: string;
  name: string;
  brief: string;
}

const ANSWER = "porchlight:answer";

export function requestAnswer(quoted: Quoted) {
  window.dispatchEvent(new CustomEvent<Quoted>(ANSWER, { detail: quoted }));
}

export function useAnswerRequest(wanted: (quoted: Quoted) => void) {
  const latest = useRef(wanted);
  latest.current = wanted;
  useEffect(() => {
    const heard = (event: Event) => latest.current((event as CustomEvent<Quoted>).detail);
    window.addEventListener(ANSWER, heard);
    return () => window.removeEventListener(ANSWER, heard);
  }, []);
}

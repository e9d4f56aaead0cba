//! What a person at 3 a.m. sees: traces, measures, alerts, and what the doctor says.

mod doctor;
mod measures;
mod traces;

//! WhatsApp against the look-alike of Meta: the door, what becomes of deliveries, connecting, the doctor.

mod connect;
mod door;
mod echo;
mod history;
mod inbox;
mod inbox_kinds;
mod inbox_repeats;
mod ingest;
mod media;
mod media_faults;
mod media_out;
mod merge;
mod numbers;
mod people;
mod send_faults;
mod send_text;
mod signup;
mod signup_hosted;
mod status_order;
mod talking;
mod templates;
mod window;
mod world;

//! ATT: files through the API, from the form to the link.

mod checking;
mod desk;
mod forms;
mod hostile;
mod limits;
mod messages;
mod names;
mod outage;
mod policy;
mod quota;
mod serving;
mod walls;

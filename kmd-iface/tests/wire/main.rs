//! The wire of the contract from outside: fixed bytes, hostile bytes, the rule of every field.

#[macro_use]
mod examples;
mod fields;
mod golden;
mod hostile;
mod random;
mod replies;

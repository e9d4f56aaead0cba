//! The load generator.

fn main() {
    println!("nothing is measured yet");
}

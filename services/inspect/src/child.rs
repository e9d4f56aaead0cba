//! `porchlight inspect EXTENSION MEMORY SECONDS`: the child. It knows neither the file's name nor where it came from:
//! the bytes stand on standard input, results go into files it opens before it may open nothing any more, and one line
//! on standard output says what they are.

use std::fs::File;
use std::io::{Read, Write};
use std::process::ExitCode;

use crate::answer::Answer;
use crate::confine::{bound, forbid};
use crate::judge::{Made, Part};
use crate::{Format, format_of, judge};

/// The exit code of a child that could not give up what it must: the parent asks again and the log says why.
pub const UNCONFINED: u8 = 70;

/// Files for the results.
struct Outputs {
    full: File,
    small: File,
    large: File,
}

/// Looks at what stands on standard input. Called before the program has threads, a runtime or a configuration.
pub fn run() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    match confined(&arguments) {
        Ok((format, outputs)) => match answer(format, outputs) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "{error}");
                ExitCode::FAILURE
            }
        },
        Err(problem) => {
            let _ = writeln!(std::io::stderr(), "{problem}");
            ExitCode::from(UNCONFINED)
        }
    }
}

fn confined(arguments: &[String]) -> Result<(&'static Format, Option<Outputs>), String> {
    let [extension, memory, seconds] = arguments else {
        return Err("this command is the server's own: it looks at files of strangers".to_owned());
    };
    let number = |text: &String| text.parse().map_err(|_| format!("not a number: {text:?}"));
    bound(number(memory)?, number(seconds)?)?;
    let format = format_of(&format!("file.{extension}")).ok_or("no such format")?;
    let outputs = if format.shape.is_picture() { Some(outputs().map_err(|error| error.to_string())?) } else { None };
    forbid()?;
    Ok((format, outputs))
}

/// In the folder the parent started us in.
fn outputs() -> std::io::Result<Outputs> {
    Ok(Outputs {
        full: File::create_new("full")?,
        small: File::create_new("small")?,
        large: File::create_new("large")?,
    })
}

fn answer(format: &Format, outputs: Option<Outputs>) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(format.most).read_to_end(&mut bytes)?;
    let judged = judge(format.shape, &bytes);
    if let (Ok(made), Some(outputs)) = (&judged, outputs) {
        write(made, outputs)?;
    }
    let line = serde_json::to_string(&Answer::from(&judged)).map_err(std::io::Error::other)?;
    writeln!(std::io::stdout(), "{line}")
}

fn write(made: &Made, mut outputs: Outputs) -> std::io::Result<()> {
    outputs.full.write_all(bytes(made.full.as_ref()))?;
    outputs.small.write_all(bytes(made.small.as_ref()))?;
    outputs.large.write_all(bytes(made.large.as_ref()))
}

fn bytes(part: Option<&Part>) -> &[u8] {
    part.map(|part| part.bytes.as_slice()).unwrap_or_default()
}

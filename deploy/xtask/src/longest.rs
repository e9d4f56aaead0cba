//! The longest files and functions: printed to be read, enforced by nobody.

use std::path::Path;

use crate::tree;

/// Prints five files and five functions.
pub fn print(root: &Path) {
    let mut files = Vec::new();
    let mut functions = Vec::new();
    let folders = ["services", "widget-js", "migration", "deploy", "tests"];
    for path in folders.iter().flat_map(|folder| tree::files(&root.join(folder))) {
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        if !(name.ends_with(".rs") || name.ends_with(".ts") || name.ends_with(".tsx")) || name.ends_with(".gen.ts") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        files.push((text.lines().count(), name.clone()));
        functions.extend(lengths(text).into_iter().map(|(lines, function)| (lines, format!("{name} {function}"))));
    }
    for (title, mut found) in [("longest files", files), ("longest functions", functions)] {
        found.sort_by(|a, b| b.cmp(a));
        println!("\n{title}");
        found.iter().take(5).for_each(|(lines, name)| println!("{lines:6}  {name}"));
    }
}

/// Functions with their length. Relies on formatted code: the closing brace stands under the line that opens.
fn lengths(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let named = lines.iter().enumerate().filter_map(|(at, line)| Some((at, *line, function_name(line)?)));
    named.filter_map(|(at, line, name)| Some((end_of(&lines, at, indent(line))? - at + 1, name))).collect()
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

fn function_name(line: &str) -> Option<String> {
    let words = line.trim_start();
    let after = ["fn ", "function "].iter().find_map(|word| {
        let (before, after) = words.split_once(word)?;
        let only =
            |part: &str| matches!(part, "pub" | "pub(crate)" | "pub(super)" | "async" | "const" | "export" | "default");
        before.split_whitespace().all(only).then_some(after)
    })?;
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

fn end_of(lines: &[&str], at: usize, indent: &str) -> Option<usize> {
    let close = format!("{indent}}}");
    (at + 1..lines.len()).find(|n| lines[*n] == close)
}

//! Numbers of processes, and what is made of them.

/// The most memory that a process has held, in bytes; `status` is its file under `/proc`.
pub(super) fn peak(status: &str) -> Option<u64> {
    memory(status, "VmHWM:")
}

/// The memory that a process holds.
pub(super) fn resident(status: &str) -> Option<u64> {
    memory(status, "VmRSS:")
}

fn memory(status: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// The processor time that a process has used, in seconds.
pub(super) fn cpu_seconds(process: u32) -> Option<f64> {
    // The kernel counts in hundredths of a second, on every platform that Rust knows.
    const TICKS: f64 = 100.0;
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name stands in parentheses and may have spaces.
    let rest = text.rsplit_once(") ")?.1;
    let mut fields = rest.split(' ').skip(11);
    let (user, system) = (fields.next()?.parse::<f64>().ok()?, fields.next()?.parse::<f64>().ok()?);
    Some((user + system) / TICKS)
}

pub(super) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The middle one; 0 of none.
pub(super) fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(0.0)
}

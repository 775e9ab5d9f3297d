//! The only door to SQLite at run time. It counts statements, so that batching can be shown.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::atomic::{AtomicUsize, Ordering},
};

use rusqlite::{Connection, Params, Row, ToSql};
use serde::Serialize;

use crate::{
    fault::Fault,
    page::{Page, Placed, Slice},
};

/// A piece of database work. It stores its own result and wakes whoever waits for it.
pub(crate) type Job = Box<dyn FnOnce(&Sql<'_>) + Send>;

/// A connection lent to one job.
pub(crate) struct Sql<'a> {
    connection: &'a Connection,
    statements: &'a AtomicUsize,
}

impl<'a> Sql<'a> {
    pub(crate) fn new(connection: &'a Connection, statements: &'a AtomicUsize) -> Self {
        Self { connection, statements }
    }

    /// Runs a query and reads every row.
    pub(crate) fn rows<T>(
        &self,
        statement: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Fault> {
        self.count();
        let mut prepared = self.connection.prepare_cached(statement)?;
        let rows = prepared.query_map(parameters, read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Runs a query and reads its first row, if there is one.
    pub(crate) fn row<T>(
        &self,
        statement: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Fault> {
        Ok(self.rows(statement, parameters, read)?.into_iter().next())
    }

    /// Runs a statement that changes rows; returns how many.
    pub(crate) fn change(&self, statement: &str, parameters: impl Params) -> Result<usize, Fault> {
        self.count();
        Ok(self.connection.prepare_cached(statement)?.execute(parameters)?)
    }

    /// The id of the row that was inserted last.
    pub(crate) fn inserted(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    /// Looks many keys up in one statement. `?1` is the JSON list of the keys, to be read with
    /// `json_each`; the first column of a row is the index of its key in that list.
    pub(crate) fn by_key<K: Serialize + Clone + Eq + Hash, V>(
        &self,
        statement: &str,
        keys: &[K],
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<V>,
    ) -> Result<HashMap<K, V>, Fault> {
        let rows = self.rows(statement, [json(&keys)], |row| {
            Ok((keys[row.get::<_, u32>(0)? as usize].clone(), read(row)?))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// Loads many pages in one statement. `?1` is the JSON list of the slices, each an object with
    /// `parent`, `after` and `first`; `?2` is the number of rows that the longest of them needs.
    /// The first two columns of a row are the index of its slice and its position in the list;
    /// rows come in the order of the list.
    pub(crate) fn pages<P: Serialize + Clone + Eq + Hash, V>(
        &self,
        statement: &str,
        slices: &[Slice<P>],
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<V>,
    ) -> Result<HashMap<Slice<P>, Page<V>>, Fault> {
        let longest = slices.iter().map(|slice| slice.first + 1).max().unwrap_or(0);
        let parameters: [&dyn ToSql; 2] = [&json(&slices), &(longest as i64)];
        let rows = self.rows(statement, parameters, |row| {
            let placed = Placed { position: row.get(1)?, item: read(row)? };
            Ok((row.get::<_, u32>(0)? as usize, placed))
        })?;
        let mut lists: Vec<Vec<Placed<V>>> = slices.iter().map(|_| Vec::new()).collect();
        for (index, placed) in rows {
            lists[index].push(placed);
        }
        let pages = lists.into_iter().zip(slices);
        Ok(pages.map(|(list, slice)| (slice.clone(), Page::cut(list, slice.first))).collect())
    }

    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }
}

fn json(keys: &impl Serialize) -> String {
    serde_json::to_string(keys).expect("invariant: keys are numbers, strings and structs of them")
}

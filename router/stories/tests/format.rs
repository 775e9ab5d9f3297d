//! The format of stories: what is not understood fails, what is wrong is shown and rewritten.

use std::path::{Path, PathBuf};

use tributary_stories::{Book, Story, Update};

const GOOD: &str = "# A story

```graphql subgraph=a
type Query { x: Int }
```
```json data=a
{ \"Query\": { \"x\": 1 } }
```
```graphql operation
{ x }
```
```text plan
1 a
  query { x }
price 100.05: 1 request in 1 wave, 0 entities, 1 field
```
```json answer
{ \"data\": { \"x\": 1 } }
```
";

/// A folder with one story, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, story: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("stories-{name}"));
        std::fs::create_dir_all(path.join("topic")).expect("the folder is ours");
        std::fs::write(path.join("topic/one.md"), story).expect("the folder is ours");
        std::fs::write(path.join("README.md"), "* [A story](topic/one.md)\n")
            .expect("the folder is ours");
        Self(path)
    }

    fn tell(&self, update: Update) -> Result<(), String> {
        Book::open(&self.0).expect("the folder is ours").tell("topic/one", update)
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.0.join("topic/one.md")).expect("the folder is ours")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_good_story_holds() {
    let folder = Folder::with("good", GOOD);
    assert_eq!(folder.tell(Update::Nothing), Ok(()));
    assert_eq!(Book::open(&folder.0).unwrap().check_contents(), Ok(()));
}

#[test]
fn what_is_not_understood_is_told_with_its_line() {
    for (from, to, line, told) in [
        ("```text plan", "```text plans", 12, "means nothing here"),
        ("```json data=a", "```json data=b", 6, "which is no subgraph above"),
        ("```json data=a", "```json data", 6, "means nothing here"),
        ("# A story", "A story", 1, "begins with a line"),
        ("{ \"data\": { \"x\": 1 } }\n```\n", "{}\n", 17, "is not closed"),
        (
            "```text plan\n1 a\n  query { x }\nprice 100.05: 1 request in 1 wave, 0 entities, 1 field\n```\n",
            "",
            9,
            "needs `text plan` and `json answer`",
        ),
        ("```json answer", "```json answer\n{}\n```\n```json answer", 20, "a second"),
        (
            "```graphql operation",
            "```text errors\n```\n```graphql operation",
            9,
            "runs no operation",
        ),
    ] {
        let story = GOOD.replace(from, to);
        let (found, what) = Story::read(&story).unwrap_err();
        assert!(found == line && what.contains(told), "{to}: {found}: {what}");
    }
    let folder = Folder::with("unknown", &GOOD.replace("text plan", "text plans"));
    assert!(folder.tell(Update::Nothing).unwrap_err().starts_with("topic/one.md:12: "));
}

#[test]
fn differences_fail_and_can_be_rewritten() {
    let wrong = GOOD.replace("{ \"x\": 1 } }\n```\n", "{ \"x\": 1.0 } }\n```\n");
    let wrong = wrong.replacen("1.0", "1", 1).replace("1 a\n", "");
    let folder = Folder::with("differs", &wrong);
    let told = folder.tell(Update::Nothing).unwrap_err();
    assert!(told.contains("topic/one.md:12: `text plan` differs"), "{told}");
    assert!(told.contains("+ 1 a"), "{told}");
    assert!(told.contains("`json answer` differs"), "{told}");
    assert_eq!(folder.text(), wrong);
    let told = folder.tell(Update::Plans).unwrap_err();
    assert!(!told.contains("plan"), "{told}");
    assert_eq!(folder.tell(Update::All), Ok(()));
    assert_eq!(folder.tell(Update::Nothing), Ok(()));
    assert!(folder.text().contains("1 a\n  query { x }\n"), "{}", folder.text());
}

#[test]
fn the_order_of_keys_counts() {
    let story = GOOD.replace("{ x: Int }", "{ x: Int y: Int }").replace("{ x }", "{ x y }");
    let story = story.replace("100.05", "100.1").replace("1 field\n", "2 fields\n");
    let story = story.replace("\"x\": 1 }", "\"x\": 1, \"y\": 2 }");
    assert_eq!(Folder::with("order", &story).tell(Update::Nothing), Ok(()));
    let data = "{ \"data\": { \"x\": 1, \"y\": 2 } }";
    let story = story.replace(data, "{ \"data\": { \"y\": 2, \"x\": 1 } }");
    assert!(Folder::with("disorder", &story).tell(Update::Nothing).is_err());
}

#[test]
fn what_the_data_lacks_fails_though_the_answer_fits() {
    let story = GOOD.replace("{ \"Query\": { \"x\": 1 } }", "{}");
    let told = Folder::with("lacks", &story).tell(Update::All).unwrap_err();
    assert!(told.contains("there is no data for `Query.x`"), "{told}");
}

#[test]
fn contents_name_every_story_and_no_other() {
    let folder = Folder::with("contents", GOOD);
    std::fs::write(folder.0.join("README.md"), "* [B](topic/two.md)\n").unwrap();
    let told = Book::open(&folder.0).unwrap().check_contents().unwrap_err();
    assert!(told.contains("no link to topic/one.md"), "{told}");
    assert!(told.contains("topic/two.md, which is not there"), "{told}");
}

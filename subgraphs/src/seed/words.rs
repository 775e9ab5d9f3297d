//! The words that the demo's people are named with and write with. Data, so the file is long.

/// Given names.
pub(super) const GIVEN: &[&str] = &[
    "Ana", "Amara", "Anders", "Aisha", "Akira", "Bruno", "Carmen", "Chidi", "Clara", "Dalia",
    "Daniel", "Elena", "Emeka", "Erik", "Fatima", "Felix", "Freya", "Gabriel", "Grace", "Hana",
    "Hugo", "Ibrahim", "Ines", "Ingrid", "Ivan", "Jamila", "Jonas", "Julia", "Kenji", "Kofi",
    "Lars", "Leila", "Lucia", "Malik", "Maria", "Mateo", "Mei", "Mila", "Nadia", "Nia", "Noah",
    "Olga", "Omar", "Paula", "Pedro", "Priya", "Rafael", "Rosa", "Samir", "Sana", "Sofia",
    "Stefan", "Tariq", "Teresa", "Thandi", "Tomas", "Uma", "Viktor", "Yara", "Zoe",
];

/// Family names.
pub(super) const FAMILY: &[&str] = &[
    "Silva",
    "Adeyemi",
    "Ahmed",
    "Almeida",
    "Andersson",
    "Becker",
    "Bianchi",
    "Castro",
    "Chen",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fernandez",
    "Fischer",
    "Garcia",
    "Gupta",
    "Haddad",
    "Hansen",
    "Hoffmann",
    "Ito",
    "Ivanova",
    "Jansen",
    "Kaplan",
    "Keller",
    "Khan",
    "Kim",
    "Kowalski",
    "Laurent",
    "Lindqvist",
    "Lopez",
    "Mbeki",
    "Mensah",
    "Meyer",
    "Moreau",
    "Nakamura",
    "Nguyen",
    "Novak",
    "Okafor",
    "Oliveira",
    "Osei",
    "Papadakis",
    "Patel",
    "Pereira",
    "Petrov",
    "Popescu",
    "Ramos",
    "Ricci",
    "Rossi",
    "Sato",
    "Schmidt",
    "Sharma",
    "Singh",
    "Sousa",
    "Tanaka",
    "Torres",
    "Varga",
    "Virtanen",
    "Wang",
    "Yilmaz",
    "Zhang",
];

/// Places, for the biographies and the names of organisations.
pub(super) const PLACES: &[&str] = &[
    "Lisbon", "Accra", "Osaka", "Bergen", "Lagos", "Porto", "Krakow", "Lyon", "Utrecht", "Tbilisi",
    "Valencia", "Hanoi", "Bristol", "Graz", "Izmir", "Quito", "Pune", "Tampere", "Leipzig", "Cork",
];

/// What organisations are.
pub(super) const SOCIETIES: &[&str] = &[
    "Book Club",
    "Garden Society",
    "Cycling Union",
    "Makers",
    "Choir",
    "Astronomers",
    "Food Bank",
    "Rowing Club",
    "Radio",
    "Library Friends",
];

/// What bots do.
pub(super) const BOTS: &[&str] =
    &["Weather", "Trains", "Word of the Day", "Tides", "Bird Calls", "Chess Puzzle"];

/// How people describe themselves; `{}` is a place.
pub(super) const BIOS: &[&str] = &[
    "Nurse in {}. Plants, mostly tomatoes.",
    "I teach physics in {} and burn rice.",
    "Runs, reads, repeats. {}.",
    "Bicycle mechanic from {}. Ask me about gears.",
    "Retired sailor, now gardening in {}.",
    "Writes code by day, bakes bread by night. Lives in {}.",
    "Violinist. Looking for a quartet in {}.",
    "Moved to {} for a year, ten years ago.",
    "Librarian in {}. Opinions are overdue.",
    "Photographs bridges. Home is {}.",
];

/// One topic: its name in the schema, what it is about, how titles are built, what is said.
pub(super) struct Subject {
    pub(super) topic: &'static str,
    pub(super) things: &'static [&'static str],
    pub(super) titles: &'static [&'static str],
    pub(super) sentences: &'static [&'static str],
}

/// Every topic. `{}` is one of the topic's things.
pub(super) const SUBJECTS: &[Subject] = &[
    Subject {
        topic: "BOOKS",
        things: &["a short novel", "an old atlas", "a book of letters", "a detective story"],
        titles: &["Finished {} last night", "Who else has read {}?", "Found {} on a train"],
        sentences: &[
            "The first fifty pages are slow, and then it does not let go.",
            "I read {} in two evenings and wrote in the margins.",
            "The translator deserves a prize.",
            "If you liked it, tell me what to read next.",
            "My copy smells of somebody else's kitchen.",
        ],
    },
    Subject {
        topic: "CODE",
        things: &["a cache", "a failing test", "a tiny parser", "the deploy script"],
        titles: &["What {} taught me", "I deleted {}", "A week with {}"],
        sentences: &[
            "It worked on the first try, which worried everybody.",
            "The bug was in {}, and it had been there for six years.",
            "Reading the manual took ten minutes and saved a day.",
            "We measured before and after; nobody could argue.",
            "The comment above the line said never to touch it.",
        ],
    },
    Subject {
        topic: "COOKING",
        things: &["sourdough", "fish stew", "rice with lemon", "black bean soup"],
        titles: &["Better {} with less work", "My grandmother's {}", "{} for twelve guests"],
        sentences: &[
            "Salt it the evening before.",
            "I made {} three times this week to be sure.",
            "The pan has to be hotter than you think.",
            "Leave the lid off for the last ten minutes.",
            "There was nothing left to photograph.",
        ],
    },
    Subject {
        topic: "GARDENING",
        things: &["tomatoes", "the old pear tree", "runner beans", "a shady corner"],
        titles: &["What {} want in April", "Rescuing {}", "A year of {}"],
        sentences: &[
            "Water in the morning, never at noon.",
            "The slugs leave {} alone if there is something better next door.",
            "I have stopped digging, and the soil thanks me.",
            "Everything flowered two weeks early this year.",
            "The neighbours took home a bag each.",
        ],
    },
    Subject {
        topic: "LIFE",
        things: &["Monday", "moving house", "a long phone call", "learning to wait"],
        titles: &["Notes on {}", "In praise of {}", "{}, again"],
        sentences: &[
            "Nobody tells you how many boxes there are.",
            "I thought about {} all the way home.",
            "The kettle broke, and we talked instead.",
            "My neighbour's door is never locked.",
            "Small things, but they add up.",
        ],
    },
    Subject {
        topic: "MUSIC",
        things: &["a cello suite", "that second album", "a street band", "the choir's new piece"],
        titles: &["Listening to {}", "{} in an empty church", "Why {} works"],
        sentences: &[
            "The bass comes in late and changes everything.",
            "We played {} twice because the rain did not stop.",
            "I counted the bars and still do not know how it is done.",
            "Somebody in the third row knew every word.",
            "The recording does not do it justice.",
        ],
    },
    Subject {
        topic: "SCIENCE",
        things: &["a lunar eclipse", "tide pools", "a home-made telescope", "ant colonies"],
        titles: &["An evening with {}", "Explaining {} to my niece", "{}: what we know"],
        sentences: &[
            "The sky cleared for eleven minutes, and that was enough.",
            "I drew {} by hand, and saw twice as much.",
            "The error bars are the interesting part.",
            "Take a red torch and patience.",
            "The library has the original paper.",
        ],
    },
    Subject {
        topic: "SPORT",
        things: &["the hill race", "Sunday football", "cold water swimming", "a slow marathon"],
        titles: &["After {}", "How I survived {}", "Training for {}"],
        sentences: &[
            "Last, but smiling.",
            "My legs have opinions about {}.",
            "The referee was somebody's uncle.",
            "Start slower than you want to; everybody says so, and nobody does it.",
            "There was cake at the finish.",
        ],
    },
    Subject {
        topic: "TRAVEL",
        things: &["a night train", "the coast road", "a mountain hut", "the last ferry"],
        titles: &["Three days and {}", "Taking {}", "{} out of season"],
        sentences: &[
            "We had the whole carriage to ourselves.",
            "Book {} early, and sit on the left.",
            "The map was wrong in the best way.",
            "Breakfast was bread, olives and a long story.",
            "I would go back tomorrow.",
        ],
    },
];

/// What people answer under posts.
pub(super) const COMMENTS: &[&str] = &[
    "Lovely, thank you for writing this.",
    "I had the opposite experience, oddly enough.",
    "Saving this for the weekend.",
    "Could you say more about the second part?",
    "My sister swears by this.",
    "Seconded.",
    "This made my morning.",
    "Is there a photograph?",
    "I tried it, and it works.",
    "Not sure I agree, but well put.",
    "Where was this?",
    "You should come and tell us in person.",
];

/// What people write to one another.
pub(super) const MESSAGES: &[&str] = &[
    "Are you coming on Thursday?",
    "Yes, I will bring the folding chairs.",
    "Did you see the post about the night train?",
    "I can lend you mine.",
    "Sorry, I was on the ferry without signal.",
    "Half past seven, by the bridge.",
    "That was the best soup in years.",
    "Could you send me the address again?",
    "Happy birthday!",
    "Let us try again next week.",
];

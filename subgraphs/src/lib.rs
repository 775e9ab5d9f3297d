//! The demo: six services of a social network, in juniper over hyper.

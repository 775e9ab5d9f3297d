//! Many subgraph schemas made one supergraph.

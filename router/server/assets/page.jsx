// The page at `/`: GraphiQL over this router's own `/graphql`.
import React from "react";
import { createRoot } from "react-dom/client";
import { GraphiQL } from "graphiql";
import "graphiql/graphiql.css";

async function fetcher(request, options) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json;q=0.9",
      ...(options && options.headers),
    },
    body: JSON.stringify(request),
  });
  return response.json();
}

const asked = new URLSearchParams(window.location.search);
const read = (name) => asked.get(name) || undefined;

createRoot(document.getElementById("page")).render(
  <GraphiQL
    fetcher={fetcher}
    query={read("query")}
    variables={read("variables")}
    operationName={read("operationName")}
    defaultEditorToolsVisibility={false}
  />,
);

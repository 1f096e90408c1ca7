"""Planning: what Argo must be told. The only stage that knows both what the user said and Argo's words for it."""

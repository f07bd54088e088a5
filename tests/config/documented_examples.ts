// The examples of the documentation, word for word.

/** The whole file of a development set-up. */
export const DEVELOPMENT_EXAMPLE = String.raw`{
  "version": "1.0",
  "proxy": {
    "name": "Development MCP Proxy",
    "baseUrl": "http://localhost:8080",
    "addr": ":8080",
    "auth": {
      "kind": "bearer_token",
      "tokens": {
        "dev": "$env:DEV_TOKEN|dev-token-123",
        "test": "$env:TEST_TOKEN|test-token-456"
      }
    }
  },
  "mcpServers": {
    "database": {
      "url": "http://postgres-mcp:3000/sse",
      "authTokens": ["dev", "test"],
      "env": {
        "DATABASE_URL": "$env:DATABASE_URL"
      }
    },
    "files": {
      "command": "node",
      "args": ["/app/file-server.js"],
      "authTokens": ["dev"]
    }
  }
}
`;

/** Parts of a file, by the key they begin with. */
export const PARTIAL_EXAMPLES: readonly string[] = [
  String.raw`{
  "proxy": {
    "auth": {
      "kind": "bearer_token",
      "tokens": {
        "development": "dev-token-123",
        "production": "prod-token-456",
        "staging": "stage-token-789"
      }
    }
  }
}`,
  String.raw`{
  "tokens": {
    "alice": "token-for-alice",
    "bob": "token-for-bob",
    "ci": "token-for-ci-system"
  }
}`,
  String.raw`{
  "tokens": {
    "development": "$env:DEV_TOKEN",
    "production": "$env:PROD_TOKEN|default-token"
  }
}`,
  String.raw`{
  "mcpServers": {
    "database": {
      "url": "http://postgres-mcp:3000/sse",
      "authTokens": ["production", "development"]
    },
    "sensitive-data": {
      "url": "http://sensitive-mcp:3000/sse",
      "authTokens": ["production"]
    },
    "public-data": {
      "url": "http://public-mcp:3000/sse"
      // No authTokens = accessible by any valid token
    }
  }
}`,
  String.raw`{
  "tokens": {
    "api-2024-01": "old-token",     // Remove after migration
    "api-2024-02": "current-token",  // Active token
    "api-2024-03": "new-token"       // Pre-staged for next rotation
  }
}`,
  String.raw`{
  "tokens": {
    "dev-full": "token-with-all-access",
    "dev-readonly": "token-with-limited-access",
    "ci-deploy": "token-for-ci-only"
  }
}`,
  String.raw`{
  "auth": {
    "kind": "oauth",  // Switch from "bearer_token"
    "issuer": "https://your-domain.com",
    // ... OAuth config
  }
}`,
];

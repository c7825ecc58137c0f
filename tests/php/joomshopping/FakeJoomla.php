<?php

/**
 * Fakes: as much of Joomla as the plugin touches, written from its public interface.
 */

declare(strict_types=1);

// phpcs:disable PSR1.Classes.ClassDeclaration.MultipleClasses

namespace Joomla\Registry {
    final class Registry
    {
        private array $values;

        public function __construct(array $values = [])
        {
            $this->values = $values;
        }

        public function get($name, $default = null)
        {
            return isset($this->values[$name]) && $this->values[$name] !== '' ? $this->values[$name] : $default;
        }
    }
}

namespace Joomla\Database {
    interface DatabaseInterface
    {
        public function setQuery($query, $offset = 0, $limit = 0);

        public function quote($text, $escape = true);

        public function quoteName($name, $as = null);
    }
}

namespace Joomla\Event {
    interface SubscriberInterface
    {
        public static function getSubscribedEvents(): array;
    }

    interface EventInterface
    {
        public function getArgument($name, $default = null);
    }

    final class FakeEvent implements EventInterface
    {
        public array $arguments;
        public bool $isStopped = false;

        public function __construct(array $arguments = [])
        {
            $this->arguments = $arguments;
        }

        public function getArgument($name, $default = null)
        {
            return $this->arguments[$name] ?? $default;
        }

        public function setArgument($name, $value): void
        {
            $this->arguments[$name] = $value;
        }

        public function getRoutineId(): string
        {
            return $this->arguments['routineId'];
        }

        public function setResult(array $result): void
        {
            $this->arguments['result'] = $result;
        }

        public function stopPropagation(): void
        {
            $this->isStopped = true;
        }
    }
}

namespace Joomla\CMS\Plugin {
    abstract class CMSPlugin
    {
        public $params;
        private $application;

        public function setApplication($application): void
        {
            $this->application = $application;
        }

        protected function getApplication()
        {
            return $this->application;
        }
    }
}

namespace Joomla\CMS\Log {
    final class Log
    {
        public const ERROR = 8;
        public const WARNING = 16;
        public const INFO = 64;
        /** @var string[] */
        public static array $lines = [];

        public static function add($entry, $priority = self::INFO, $category = ''): void
        {
            self::$lines[] = $entry;
        }
    }
}

namespace Joomla\CMS\Uri {
    final class Uri
    {
        public static function root(): string
        {
            return 'https://shop.example/';
        }
    }
}

namespace Joomla\CMS\Language {
    final class Text
    {
        /** Everything there is a text for says it; the rest comes back as it is. */
        public static function _($key): string
        {
            return 'PLG_SYSTEM_FISCALGATE_FN' === $key ? 'ФН' : $key;
        }
    }
}

namespace Joomla\CMS\HTML {
    final class HTMLHelper
    {
        /** @var array */
        public static array $scripts = [];

        public static function _(string $key, ...$arguments): void
        {
            self::$scripts[] = $arguments[0];
        }
    }
}

namespace Joomla\CMS\Session {
    final class Session
    {
        public static bool $isGenuine = true;

        public static function getFormToken(): string
        {
            return 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
        }

        public static function checkToken($method = 'post'): bool
        {
            return self::$isGenuine;
        }
    }
}

namespace Joomla\Tests {
    /** A fake of the input: also of its parts `post`, `server` and `json`. */
    final class FakeInput
    {
        public array $values;
        public string $method = 'POST';
        public string $body = '';
        public ?self $post = null;
        public ?self $server = null;
        public ?self $json = null;

        public function __construct(array $values = [])
        {
            $this->values = $values;
        }

        public function getMethod(): string
        {
            return $this->method;
        }

        public function getString($name, $default = '')
        {
            return (string) ($this->values[$name] ?? $default);
        }

        public function getCmd($name, $default = '')
        {
            return (string) preg_replace('/[^A-Za-z0-9._-]/', '', (string) ($this->values[$name] ?? $default));
        }

        public function getInt($name, $default = 0)
        {
            return (int) ($this->values[$name] ?? $default);
        }

        public function getRaw(): string
        {
            return $this->body;
        }
    }

    /** A fake of the application of the site, or of the administration. */
    final class FakeApplication
    {
        public string $client = 'site';
        public FakeInput $input;
        /** @var array<string, string> */
        public array $headers = [];
        /** @var string[] what the user may: "core.admin", "core.manage com_jshopping" */
        public array $rights = ['core.admin', 'core.manage com_jshopping'];

        public function __construct()
        {
            $this->input = new FakeInput();
            $this->input->post = new FakeInput();
            $this->input->server = new FakeInput();
            $this->input->json = new FakeInput();
        }

        public function isClient($client): bool
        {
            return $this->client === $client;
        }

        public function getInput(): FakeInput
        {
            return $this->input;
        }

        public function getIdentity(): self
        {
            return $this;
        }

        public function authorise($action, $asset = null): bool
        {
            return in_array(trim($action . ' ' . $asset), $this->rights, true);
        }

        public function setHeader($name, $value, $replace = false): void
        {
            $this->headers[strtolower($name)] = (string) $value;
        }
    }
}

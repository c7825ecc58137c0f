<?php

// STUBS of the core of 1C-Bitrix, written from its public documentation: only what the module calls, and as little of what
// it does as the tests need. They are no Bitrix, and prove nothing about one.

declare(strict_types=1);

namespace Bitrix\Main {
    final class Loader
    {
        public static string $root = '';
        /** @var string[] */
        public static array $modules = ['sale', 'catalog', 'fiscalgate.cashbox'];

        public static function includeModule(string $module): bool
        {
            return in_array($module, self::$modules, true);
        }

        /** @param array<string, string> $classes */
        public static function registerAutoLoadClasses(?string $module, array $classes): void
        {
            spl_autoload_register(static function (string $class) use ($classes): void {
                if (isset($classes[$class])) {
                    require self::$root . '/' . $classes[$class];
                }
            });
        }
    }

    class Event
    {
        /** @var array<string, mixed> */
        private array $parameters;

        /** @param array<string, mixed> $parameters */
        public function __construct(string $module, string $type, array $parameters = [])
        {
            $this->parameters = $parameters;
        }

        /** @return mixed */
        public function getParameter(string $name)
        {
            return $this->parameters[$name] ?? null;
        }
    }

    class EventResult
    {
        public const SUCCESS = 1;
        public const ERROR = 2;

        private int $type;
        /** @var mixed */
        private $parameters;

        /** @param mixed $parameters */
        public function __construct(int $type, $parameters = null)
        {
            $this->type = $type;
            $this->parameters = $parameters;
        }

        public function getType(): int
        {
            return $this->type;
        }

        /** @return mixed */
        public function getParameters()
        {
            return $this->parameters;
        }
    }

    class Error
    {
        private string $message;

        public function __construct(string $message)
        {
            $this->message = $message;
        }

        public function getMessage(): string
        {
            return $this->message;
        }
    }

    class Result
    {
        /** @var Error[] */
        private array $errors = [];
        /** @var array<string, mixed> */
        private array $data = [];

        public function addError(Error $error): self
        {
            $this->errors[] = $error;
            return $this;
        }

        public function isSuccess(): bool
        {
            return $this->errors === [];
        }

        /** @return Error[] */
        public function getErrors(): array
        {
            return $this->errors;
        }

        /** @return string[] */
        public function getErrorMessages(): array
        {
            return array_map(static function (Error $error): string {
                return $error->getMessage();
            }, $this->errors);
        }

        /** @param array<string, mixed> $data */
        public function setData(array $data): self
        {
            $this->data = $data;
            return $this;
        }

        /** @return array<string, mixed> */
        public function getData(): array
        {
            return $this->data;
        }
    }
}

namespace Bitrix\Main\Config {
    final class Option
    {
        /** @var array<string, array<string, string>> */
        public static array $values = [];

        public static function get(string $module, string $name, string $default = ''): string
        {
            return self::$values[$module][$name] ?? $default;
        }

        /** @return array<string, string> */
        public static function getForModule(string $module): array
        {
            return self::$values[$module] ?? [];
        }

        public static function set(string $module, string $name, string $value): void
        {
            self::$values[$module][$name] = $value;
        }

        public static function delete(string $module): void
        {
            unset(self::$values[$module]);
        }
    }
}

namespace Bitrix\Main\Localization {
    use Bitrix\Main\Loader;

    final class Loc
    {
        public static string $language = 'ru';
        /** @var array<string, string> */
        private static array $messages = [];

        /** Of modules: lang/<language>/ and the file's own path. */
        public static function loadMessages(string $file): void
        {
            $path = Loader::$root . '/lang/' . self::$language . substr($file, strlen(Loader::$root));
            if (is_file($path)) {
                $MESS = [];
                include $path;
                self::$messages = $MESS + self::$messages;
            }
        }

        /** @param array<string, string>|null $replace */
        public static function getMessage(string $code, ?array $replace = null): ?string
        {
            $text = self::$messages[$code] ?? null;
            return $text === null || $replace === null ? $text : strtr($text, $replace);
        }
    }
}

namespace Bitrix\Main\Web {
    final class HttpHeaders
    {
        /** @var array<string, string> */
        public array $values = [];

        public function get(string $name): ?string
        {
            return $this->values[$name] ?? null;
        }
    }

    final class HttpClient
    {
        public const HTTP_1_1 = '1.1';

        /** @var array<string, mixed> what the last one was made with, and asked */
        public static array $last = [];
        /** @var array{int, string, array<string, string>}|null null: there is no answer */
        public static ?array $answer = null;

        /** @param array<string, mixed> $options */
        public function __construct(array $options = [])
        {
            self::$last = ['options' => $options, 'headers' => []];
        }

        public function setHeader(string $name, string $value): self
        {
            self::$last['headers'][$name] = $value;
            return $this;
        }

        public function query(string $method, string $url, ?string $body = null): bool
        {
            self::$last += ['method' => $method, 'url' => $url, 'body' => $body];
            return self::$answer !== null;
        }

        public function getResult(): string
        {
            return self::$answer[1] ?? '';
        }

        public function getStatus(): int
        {
            return self::$answer[0] ?? 0;
        }

        /** @return array<string, string> */
        public function getError(): array
        {
            return self::$answer === null ? ['NETWORK' => 'secret things about the request'] : [];
        }

        public function getHeaders(): HttpHeaders
        {
            $headers = new HttpHeaders();
            $headers->values = self::$answer[2] ?? [];
            return $headers;
        }
    }
}

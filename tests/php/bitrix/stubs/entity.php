<?php

// STUBS: the ORM, with its rows in memory and one unique field.

declare(strict_types=1);

namespace Bitrix\Main\Entity {
    class ScalarField
    {
        public string $name;

        /** @param array<string, mixed> $parameters */
        public function __construct(string $name, array $parameters = [])
        {
            $this->name = $name;
        }
    }

    class IntegerField extends ScalarField
    {
    }

    class StringField extends ScalarField
    {
    }

    class TextField extends ScalarField
    {
    }

    final class SaveResult extends \Bitrix\Main\Result
    {
        public int $id = 0;

        public function getId(): int
        {
            return $this->id;
        }
    }

    final class Rows
    {
        /** @var array<int, array<string, mixed>> */
        private array $rows;

        /** @param array<int, array<string, mixed>> $rows */
        public function __construct(array $rows)
        {
            $this->rows = $rows;
        }

        /** @return array<string, mixed>|false */
        public function fetch()
        {
            return array_shift($this->rows) ?? false;
        }
    }

    abstract class DataManager
    {
        /** @var array<int, array<string, mixed>> */
        public static array $rows = [];
        /** @var callable|null called before a row is added, as another hit would act */
        public static $before = null;

        /** @param array<string, mixed> $row */
        public static function add(array $row): SaveResult
        {
            if (self::$before !== null) {
                [$before, self::$before] = [self::$before, null];
                $before();
            }
            if (in_array($row['NUMBER'], array_column(self::$rows, 'NUMBER'), true)) {
                throw new \RuntimeException('Duplicate entry');
            }
            $result = new SaveResult();
            $result->id = count(self::$rows) + 1;
            self::check($row);
            self::$rows[$result->id] = ['ID' => $result->id] + $row;
            return $result;
        }

        /** @param array<string, mixed> $row */
        public static function update(int $id, array $row): SaveResult
        {
            self::check($row);
            self::$rows[$id] = $row + self::$rows[$id];
            return new SaveResult();
        }

        /** @param array<string, mixed> $query */
        public static function getList(array $query): Rows
        {
            $rows = array_filter(self::$rows, static function (array $row) use ($query): bool {
                foreach ($query['filter'] ?? [] as $key => $value) {
                    preg_match('/^([<>=]+)(\w+)$/', $key, $parts);
                    $fits = ['=' => $row[$parts[2]] === $value, '>' => $row[$parts[2]] > $value,
                        '<=' => $row[$parts[2]] <= $value];
                    if (!$fits[$parts[1]]) {
                        return false;
                    }
                }
                return true;
            });
            usort($rows, static function (array $a, array $b) use ($query): int {
                foreach ($query['order'] ?? [] as $name => $way) {
                    if ($a[$name] !== $b[$name]) {
                        return ($a[$name] <=> $b[$name]) * ($way === 'DESC' ? -1 : 1);
                    }
                }
                return 0;
            });
            return new Rows(array_slice($rows, 0, $query['limit'] ?? null));
        }

        /** @param array<string, mixed> $row */
        private static function check(array $row): void
        {
            $known = array_map(static function (ScalarField $field): string {
                return $field->name;
            }, static::getMap());
            if (array_diff(array_keys($row), $known) !== []) {
                throw new \LogicException('a column that is not there');
            }
        }

        /** @return ScalarField[] */
        abstract public static function getMap();
    }
}

namespace Bitrix\Catalog {
    use Bitrix\Main\Entity\Rows;

    final class VatTable
    {
        /** @param array<string, mixed> $query */
        public static function getList(array $query): Rows
        {
            return new Rows([
                ['ID' => 1, 'NAME' => 'Без НДС', 'RATE' => '0.00'],
                ['ID' => 3, 'NAME' => 'НДС', 'RATE' => '22.00'],
                ['ID' => 4, 'NAME' => 'НДС', 'RATE' => '10.00'],
                ['ID' => 5, 'NAME' => 'Старый', 'RATE' => '18.00'],
            ]);
        }
    }
}
